import { defineConfig } from 'vitest/config';
import { TEST_DATA_DIR } from './stack/paths.ts';
import { findRunningStack } from './stack/running-stack.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Where the servers are: of `npm test`, or of `npm run test:stack` for a single `npx vitest run test/<domain>`.
    env: findRunningStack(TEST_DATA_DIR)?.environment ?? {},
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
