import { describe, expect, it } from 'vitest';
import { buildWorkflowBundle, MAX_BUNDLE_BYTES } from '../../temporal/bundle.ts';

describe('the workflow bundle', () => {
  it('stays small and holds nothing but workflow code', async () => {
    const { code } = await buildWorkflowBundle();
    expect(Buffer.byteLength(code)).toBeLessThan(MAX_BUNDLE_BYTES);
    expect(code).toContain('/workflows/journeys/workflow.ts');
    for (const intruder of [
      'node_modules/zod',
      'node_modules/@mikro-orm',
      'shared/domain/journeys/steps/',
      'shared/config.ts',
    ]) {
      expect(code).not.toContain(intruder);
    }
  }, 60_000);
});
