/** Obtains many parts side by side: two builds at a time keep two cores busy without starving each other. */
import { type ObtainOptions, obtain } from './cache.ts';
import { type Obtained, type Part, PartUnavailable } from './part.ts';

const SIDE_BY_SIDE = 2;

/** Those parts and what they depend on, each once, dependencies first. */
export const withDependencies = (parts: Part[]): Part[] => {
  const ordered = new Map<string, Part>();
  const visit = (part: Part) => {
    for (const dependency of part.dependsOn ?? []) visit(dependency);
    ordered.set(part.name, part);
  };
  for (const part of parts) visit(part);
  return [...ordered.values()];
};

const slots = (count: number) => {
  const waiting: (() => void)[] = [];
  let free = count;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
};

/**
 * Gives every part by name. When some cannot be had the others are still finished (they stay in the cache), and one error names all that are
 * missing, each with its reasons.
 */
export const obtainAll = async (
  wanted: Part[],
  options: Omit<ObtainOptions, 'parts'>,
): Promise<Map<string, Obtained>> => {
  const obtained = new Map<string, Obtained>();
  const missing: PartUnavailable[] = [];
  const inSlot = slots(SIDE_BY_SIDE);
  const pending = new Map<string, Promise<void>>();
  const one = async (part: Part): Promise<void> => {
    await Promise.all((part.dependsOn ?? []).map((dependency) => pending.get(dependency.name)));
    if ((part.dependsOn ?? []).some((dependency) => !obtained.has(dependency.name))) return;
    try {
      obtained.set(part.name, await inSlot(() => obtain(part, { ...options, parts: obtained })));
    } catch (error) {
      if (!(error instanceof PartUnavailable)) throw error;
      missing.push(error);
    }
  };
  const parts = withDependencies(wanted);
  for (const part of parts) pending.set(part.name, one(part));
  await Promise.all(pending.values());
  if (missing.length > 0) {
    missing.sort((left, right) => parts.indexOf(left.part) - parts.indexOf(right.part));
    throw new Error(missing.map((error) => error.message).join('\n\n'));
  }
  return obtained;
};
