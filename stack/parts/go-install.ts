import { homedir } from 'node:os';
import { run } from '../processes/run.ts';
import type { Way } from './part.ts';

/** Builds `module` (path@version) with the Go toolchain into the part's folder; Go's own checksum database vouches for the sources. */
export const goInstall = (module: string, env: Record<string, string> = {}): Way => ({
  how: 'built with go install',
  needs: ['go'],
  async run(dir, { signal, detail }) {
    await run('go', ['install', '-v', module], {
      cwd: dir,
      env: { HOME: homedir(), GOBIN: dir, ...env },
      onLine: detail,
      signal,
    });
  },
});
