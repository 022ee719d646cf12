/** `npm run test:stack [-- SERVER...]`: keeps a test stack up, so that single tests run again and again without a start each time. */
import { runDirOf } from '../bring-up.ts';
import { listenForInterruption } from '../interruption.ts';
import { TEST_DATA_DIR } from '../paths.ts';
import { killAll } from '../processes/orphans.ts';
import { say } from '../progress.ts';
import { serversNamed, withTestStack } from '../test-stack.ts';

export const TEST_STACK_PURPOSE = 'npm run test:stack';

/** Gives the exit code once it was interrupted. */
export const testStack = async (names: string[]): Promise<number> => {
  const { signal, happened } = listenForInterruption(() => {
    killAll(runDirOf(TEST_DATA_DIR));
    process.exit(130);
  });
  await withTestStack(serversNamed(names), TEST_STACK_PURPOSE, signal, async () => {
    say('\nThe test stack is up. In another terminal: npx vitest run test/<domain>. Ctrl-C stops it.');
    await happened;
  });
  return 0;
};
