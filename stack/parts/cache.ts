/** Where parts are kept between clones: `<user's cache>/cairn/<part>/<version>-<platform>`, built aside and moved in whole. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findCommand } from '../processes/find-command.ts';
import { waitForLock } from '../processes/lock.ts';
import { sayOf, withProgress } from '../progress.ts';
import { checkManifest, writeManifest } from './manifest.ts';
import { type Obtained, type Part, PartUnavailable, type Way, type WayContext } from './part.ts';
import { findOnPath } from './path-binary.ts';

const UNFINISHED = '.building-';

/** `$XDG_CACHE_HOME/cairn`, by default `~/.cache/cairn`. */
export const cacheRoot = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn');

/** The folder of a part for this machine. */
export const partDir = (part: Part, root = cacheRoot()): string => {
  const variant = part.variant ? `-${part.variant}` : '';
  return join(root, part.name, `${part.version}-${process.platform}-${process.arch}${variant}`);
};

/** The part as the cache has it; null when it is absent or damaged (a damaged one is said and removed). */
export const findInCache = async (part: Part, root = cacheRoot()): Promise<Obtained | null> => {
  const dir = partDir(part, root);
  const check = await checkManifest(dir);
  if (check.state === 'damaged') {
    sayOf(part.name, `the cached copy is damaged (${check.path}) and thrown away`);
    await rm(dir, { recursive: true, force: true });
  }
  if (check.state !== 'good' || !existsSync(join(dir, part.main))) return null;
  return { source: 'cache', version: part.version, main: join(dir, part.main), dir };
};

/** The part without making it: from PATH, our packages or the cache; null when it has to be obtained. */
export const findPart = async (part: Part, root = cacheRoot()): Promise<Obtained | null> =>
  (await findOnPath(part)) ?? (await part.packaged?.()) ?? (await findInCache(part, root));

const removeUnfinished = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true });
  }
};

const tryWay = async (part: Part, way: Way, dir: string, context: Omit<WayContext, 'detail'>): Promise<void> => {
  const building = join(dirname(dir), `${UNFINISHED}${process.pid}`);
  await rm(building, { recursive: true, force: true });
  await mkdir(building);
  await withProgress(part.name, `${part.version} is ${way.how}`, async (progress) => {
    await way.run(building, { ...context, detail: progress.detail });
    if (!existsSync(join(building, part.main))) throw new Error(`it gave no ${part.main}`);
    await writeManifest(building);
  });
  await rm(dir, { recursive: true, force: true });
  await rename(building, dir);
};

const make = async (part: Part, root: string, context: Omit<WayContext, 'detail'>): Promise<Obtained> => {
  const dir = partDir(part, root);
  const reasons: string[] = [];
  for (const way of part.ways) {
    const lacking = way.needs.filter((command) => findCommand(command) === null);
    if (lacking.length > 0) {
      reasons.push(`${way.how}: needs ${lacking.join(' and ')}`);
      continue;
    }
    try {
      await tryWay(part, way, dir, context);
      return { source: 'cache', version: part.version, main: join(dir, part.main), dir };
    } catch (error) {
      context.signal.throwIfAborted();
      const { message } = error as Error;
      sayOf(part.name, `could not be ${way.how}: ${message.split('\n')[0]}`);
      reasons.push(`${way.how}: ${message}`);
    }
  }
  throw new PartUnavailable(part, reasons);
};

export interface ObtainOptions {
  signal: AbortSignal;
  /** Parts obtained before, by name, for parts that depend on them. */
  parts: ReadonlyMap<string, Obtained>;
  root?: string;
}

/** Finds the part on PATH or in the cache, else makes it; one process at a time makes it, the others wait. Throws PartUnavailable. */
export const obtain = async (part: Part, { signal, parts, root = cacheRoot() }: ObtainOptions): Promise<Obtained> => {
  const found = await findPart(part, root);
  if (found) return found;
  const folder = dirname(partDir(part, root));
  await mkdir(folder, { recursive: true });
  const release = await waitForLock(
    join(folder, 'lock'),
    `making ${part.name}`,
    (holder) => sayOf(part.name, `waits for process ${holder.pid}, which is making it`),
    signal,
  );
  try {
    const madeMeanwhile = await findInCache(part, root);
    if (madeMeanwhile) return madeMeanwhile;
    await removeUnfinished(folder);
    return await make(part, root, { signal, part: (name) => requirePart(parts, name) });
  } finally {
    release();
  }
};

/** A part that must have been obtained before; throws when it was not. */
export const requirePart = (parts: ReadonlyMap<string, Obtained>, name: string): Obtained => {
  const part = parts.get(name);
  if (!part) throw new Error(`${name} has not been obtained`);
  return part;
};
