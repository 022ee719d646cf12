/** `npm run check`: format, lint, types, import rules and the workflow bundle; in well under a minute, without servers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { say } from '../progress.ts';

const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);

const STEPS: [what: string, command: string, ...args: string[]][] = [
  ['format and lint', bin('biome'), 'check', '.'],
  ['types', bin('tsc'), '-p', '.'],
  ['types of the page', bin('tsc'), '-p', 'api/webchat/page'],
  ['dead code', bin('knip'), '--no-progress'],
  ['imports and bundle', bin('vitest'), 'run', 'test/architecture'],
];

/** Gives 0 when every step passed; goes on after a failed one, so that everything is seen at once. */
export const check = async (): Promise<number> => {
  let failed = 0;
  for (const [what, command, ...args] of STEPS) {
    const started = Date.now();
    const [code] = (await once(spawn(command, args, { cwd: ROOT, stdio: 'inherit' }), 'exit')) as [number | null];
    if (code !== 0) failed += 1;
    say(`${code === 0 ? 'passed' : 'FAILED'}  ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
  return failed === 0 ? 0 : 1;
};
