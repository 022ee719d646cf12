/** `npm run bench -- NAME...`: measures Cairn against the least that could be, and prints a JSON line per figure. */
import { runDirOf } from '../../stack/bring-up.ts';
import { listenForInterruption } from '../../stack/interruption.ts';
import { TEST_DATA_DIR } from '../../stack/paths.ts';
import { killAll } from '../../stack/processes/orphans.ts';
import { sayOn } from '../../stack/progress.ts';
import { benchApi } from './api.ts';
import { benchHerd } from './herd.ts';
import type { BenchLine } from './line.ts';
import { benchMigrate } from './migrate.ts';
import { benchSimulate } from './simulate.ts';
import { benchSleepers } from './sleepers.ts';
import { withBenchServers } from './stack.ts';
import { benchStarts } from './starts.ts';
import { note } from './turns.ts';
import { benchWakes } from './wakes.ts';
import { type World, withWorld } from './world.ts';

/** Benches that need the running system. */
const IN_WORLD: Record<string, (world: World, signal: AbortSignal) => Promise<BenchLine[]>> = {
  starts: benchStarts,
  wakes: benchWakes,
  sleepers: benchSleepers,
  api: benchApi,
  migrate: benchMigrate,
  herd: benchHerd,
};
const ALONE: Record<string, () => Promise<BenchLine[]>> = { simulate: benchSimulate };
const NAMES = [...Object.keys(IN_WORLD), ...Object.keys(ALONE)];

const print = (lines: BenchLine[]): void => {
  for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}: there are ${NAMES.join(', ')}\n`);
  process.exit(1);
}
const wanted = (name: string) => named.length === 0 || named.includes(name);

// Standard output is for the figures.
sayOn(process.stderr);
const { signal } = listenForInterruption(() => {
  killAll(runDirOf(TEST_DATA_DIR));
  process.exit(130);
});
const inWorld = Object.entries(IN_WORLD).filter(([name]) => wanted(name));
if (inWorld.length > 0) {
  await withBenchServers(signal, async (environment) => {
    for (const [name, bench] of inWorld) {
      note(`bench ${name}`);
      print(await withWorld(environment, signal, (world) => bench(world, signal)));
    }
  });
}
for (const [name, bench] of Object.entries(ALONE)) if (wanted(name)) print(await bench());
