/** A real browser: Chromium as the machine has it. */
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

/** Starts it; throws, naming what to install, where there is none. */
export const startBrowser = async (): Promise<Browser> => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const executablePath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(found);
  if (!executablePath) throw new Error('These tests need Chromium on PATH: apt-get install chromium');
  // Chromium's sandbox refuses root, and containers; the pages are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
};
