/** The workflow bundle: built once per worker start, size-checked by `npm run check`. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** A bundle is loaded into every workflow worker thread: anything heavy in it is a mistake. */
export const MAX_BUNDLE_BYTES = 2 * 1024 * 1024;

/** Bundles workflows/index.ts; rejects with the offending import where a workflow reaches for something that is not deterministic. */
export const buildWorkflowBundle = (logger?: Logger): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    ...(logger ? { logger } : {}),
  });
