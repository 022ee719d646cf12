/** `npm run record [-- SHAPE ...]`: records the histories of new shapes, or of those named, on a test stack of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runDirOf } from '../bring-up.ts';
import { listenForInterruption } from '../interruption.ts';
import { ROOT, TEST_DATA_DIR } from '../paths.ts';
import { killAll } from '../processes/orphans.ts';
import { serversNamed, withTestStack } from '../test-stack.ts';

export const record = async (shapes: string[]): Promise<number> => {
  const { signal } = listenForInterruption(() => {
    killAll(runDirOf(TEST_DATA_DIR));
    process.exit(130);
  });
  return withTestStack(serversNamed(['postgres', 'redis']), 'npm run record', signal, async (environment) => {
    const script = join(ROOT, 'test', 'replay', 'record-cli.ts');
    const env = { ...process.env, ...environment };
    const [code] = (await once(spawn(process.execPath, [script, ...shapes], { env, stdio: 'inherit' }), 'exit')) as [
      number | null,
    ];
    return code ?? 1;
  });
};
