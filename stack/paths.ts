import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Data of `npm start`. */
export const DATA_DIR = join(ROOT, '.cairn');

/** Data of `npm test`, wiped at each start. */
export const TEST_DATA_DIR = join(ROOT, '.cairn-test');
