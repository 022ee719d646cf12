/** Commands that the person has installed already. */
import { dirname } from 'node:path';
import { findCommand } from '../processes/find-command.ts';
import { run } from '../processes/run.ts';
import type { Obtained, Part } from './part.ts';

/** `isAtLeast('7.0.15', '7.0')`: number by number; what is absent counts as 0. */
export const isAtLeast = (version: string, minimum: string): boolean => {
  const left = version.split('.').map(Number);
  const right = minimum.split('.').map(Number);
  for (let index = 0; index < right.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

/** The first dotted number in what a command prints about itself, e.g. `Redis server v=7.0.15 sha=...` -> `7.0.15`. */
export const versionIn = (text: string): string | null => /(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? null;

/** The installed command when it is new enough; null when there is none, it is older, or it does not say. */
export const findOnPath = async (part: Part): Promise<Obtained | null> => {
  if (!part.onPath) return null;
  const command = findCommand(part.onPath.command);
  if (!command) return null;
  const version = versionIn(await run(command, part.onPath.versionArgs).catch(() => ''));
  if (!version || !isAtLeast(version, part.onPath.minimum)) return null;
  return { source: 'PATH', version, main: command, dir: dirname(command) };
};
