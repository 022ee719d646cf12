/** A lock file that names its holder: taken over when that process is gone, never while it lives. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, markOf, type ProcessMark } from './identity.ts';

export interface LockHolder extends ProcessMark {
  /** What the holder does, in a word or two. */
  purpose: string;
}

export type LockAttempt = { acquired: true; release(): void } | { acquired: false; holder: LockHolder };

/** The lock's text, and its holder where the text is whole: a machine that lost power may leave an empty file. */
const readLock = (file: string): { text: string; holder: LockHolder | null } | null => {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, holder: text.endsWith('}') ? (JSON.parse(text) as LockHolder) : null };
  } catch {
    return null;
  }
};

const living = (holder: LockHolder | null | undefined): LockHolder | null =>
  holder && isAlive(holder) ? holder : null;

/** Who holds the lock now; null when nobody living does. */
export const lockHolder = (file: string): LockHolder | null => living(readLock(file)?.holder);

const tryLink = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Moves a dead holder's lock out of the way, and puts it back if another process has taken it over in between. */
const removeStale = (file: string, staleText: string): void => {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readLock(aside)?.text !== staleText) tryLink(aside, file);
  rmSync(aside, { force: true });
};

/** Takes the lock or tells who holds it. The file appears whole (written aside, then linked), so that no reader sees half of it. */
export const tryLock = (file: string, purpose: string): LockAttempt => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ ...markOf(process.pid), purpose } satisfies LockHolder));
  try {
    for (;;) {
      if (tryLink(mine, file)) return { acquired: true, release: () => rmSync(file, { force: true }) };
      const found = readLock(file);
      const holder = living(found?.holder);
      if (holder) return { acquired: false, holder };
      if (found) removeStale(file, found.text);
    }
  } finally {
    rmSync(mine, { force: true });
  }
};

/** Waits for the lock; `onWait` is told once who holds it. Gives the release. */
export const waitForLock = async (
  file: string,
  purpose: string,
  onWait: (holder: LockHolder) => void,
  signal: AbortSignal,
): Promise<() => void> => {
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const attempt = tryLock(file, purpose);
    if (attempt.acquired) return attempt.release;
    if (!told) onWait(attempt.holder);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};
