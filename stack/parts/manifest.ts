/** The hashes of what was built or downloaded, so that a damaged cache is noticed and made anew instead of run. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const MANIFEST = '.manifest.json';

interface FileRecord {
  path: string;
  size: number;
  /** A file whose size and time are those that were recorded is not read again. */
  modifiedMs: number;
  sha256: string;
}

const sha256 = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};

const record = async (dir: string, path: string): Promise<FileRecord> => {
  const file = join(dir, path);
  const stat = await lstat(file);
  const digest = stat.isSymbolicLink()
    ? createHash('sha256')
        .update(await readlink(file))
        .digest('hex')
    : await sha256(file);
  return { path, size: stat.size, modifiedMs: Math.trunc(stat.mtimeMs), sha256: digest };
};

const filesIn = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name !== MANIFEST)
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
};

const save = async (dir: string, records: FileRecord[]): Promise<void> => {
  const aside = join(dir, `${MANIFEST}.${process.pid}`);
  await writeFile(aside, JSON.stringify(records));
  await rename(aside, join(dir, MANIFEST));
};

/** Hashes all files below `dir` and keeps the list beside them. */
export const writeManifest = async (dir: string): Promise<void> => {
  const records = [];
  for (const path of await filesIn(dir)) records.push(await record(dir, path));
  await save(dir, records);
};

const isUnchanged = async (dir: string, known: FileRecord): Promise<'same' | 'touched' | 'damaged'> => {
  const stat = await lstat(join(dir, known.path)).catch(() => null);
  if (!stat || stat.size !== known.size) return 'damaged';
  if (Math.trunc(stat.mtimeMs) === known.modifiedMs) return 'same';
  return (await record(dir, known.path)).sha256 === known.sha256 ? 'touched' : 'damaged';
};

export type ManifestCheck = { state: 'good' } | { state: 'absent' } | { state: 'damaged'; path: string };

/** Compares the files with the manifest. Big files are read only when their size or time is not the recorded one. */
export const checkManifest = async (dir: string): Promise<ManifestCheck> => {
  const text = await readFile(join(dir, MANIFEST), 'utf8').catch(() => null);
  if (text === null) return { state: 'absent' };
  const records = JSON.parse(text) as FileRecord[];
  let touched = false;
  for (const known of records) {
    const found = await isUnchanged(dir, known);
    if (found === 'damaged') return { state: 'damaged', path: known.path };
    touched ||= found === 'touched';
  }
  if (touched) await writeManifest(dir);
  return { state: 'good' };
};
