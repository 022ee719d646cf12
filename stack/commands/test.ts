/** `npm test [-- ARGUMENT...]`: everything, or what the arguments name, on a test stack. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runDirOf } from '../bring-up.ts';
import { listenForInterruption } from '../interruption.ts';
import { ROOT, TEST_DATA_DIR } from '../paths.ts';
import { lockHolder } from '../processes/lock.ts';
import { killAll } from '../processes/orphans.ts';
import { say } from '../progress.ts';
import { findRunningStack, stackLock } from '../running-stack.ts';
import { SERVERS } from '../servers.ts';
import { closingLine, type VitestReport } from '../test-report.ts';
import { withTestStack } from '../test-stack.ts';
import { TEST_STACK_PURPOSE } from './test-stack.ts';

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

const readReport = async (file: string): Promise<VitestReport | null> => {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as VitestReport);
};

/** vitest.config.ts finds the environment in the published stack. */
const runVitest = async (args: string[]): Promise<number> => {
  const reportFile = join(TEST_DATA_DIR, 'report.json');
  await rm(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [VITEST, 'run', ...reporters, ...args], { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  const line = closingLine(await readReport(reportFile), code === 0);
  say(`\n${line}`);
  return code ?? 1;
};

/** Gives vitest's exit code. A stack that `npm run test:stack` keeps up is used, else one is brought up for this run. */
export const test = async (args: string[]): Promise<number> => {
  const held = lockHolder(stackLock(TEST_DATA_DIR));
  if (held?.purpose === TEST_STACK_PURPOSE && findRunningStack(TEST_DATA_DIR)) {
    say(`Using the test stack that ${TEST_STACK_PURPOSE} keeps up (process ${held.pid})`);
    return runVitest(args);
  }
  const { signal } = listenForInterruption(() => {
    killAll(runDirOf(TEST_DATA_DIR));
    process.exit(130);
  });
  return withTestStack([...SERVERS], 'npm test', signal, () => runVitest(args));
};
