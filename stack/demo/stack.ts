/** Where the demo finds the running system. */
import { DEMO_EMAIL } from '../demo-accounts.ts';
import { DATA_DIR } from '../paths.ts';
import { say } from '../progress.ts';
import { awaitRunningStack } from '../running-stack.ts';
import { LOOPBACK } from '../server.ts';

export interface DemoStack {
  apiUrl: string;
  email: string;
  password: string;
}

/** Waits for a system that is starting. Throws, saying what to do, when nothing runs. */
export const findDemoStack = async (): Promise<DemoStack> => {
  const running = await awaitRunningStack(DATA_DIR, () => say('Cairn is still starting: waiting for it'));
  if (!running) throw new Error('Cairn does not run here: `npm start` in another terminal, then `npm run demo`.');
  const { PORT = '', CAIRN_DEMO_PASSWORD: password = '' } = running.environment;
  return { apiUrl: `http://${LOOPBACK}:${PORT}`, email: DEMO_EMAIL, password };
};
