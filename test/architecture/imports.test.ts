/** Who may import whom: the rules stand, with their reasons, in import-rules.ts. */
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { beforeAll, describe, expect, it } from 'vitest';
import { forbidden, options } from './import-rules.ts';

const FOLDERS = ['shared', 'workflows', 'activities', 'workers', 'temporal', 'api'];

let result: ICruiseResult;

beforeAll(async () => {
  const cruised = await cruise(FOLDERS, { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
    tsConfig: extractTSConfig('tsconfig.json'),
  });
  result = cruised.output as ICruiseResult;
}, 60_000);

describe('imports', () => {
  it('are seen: a cruiser that understands no TypeScript would find nothing wrong', () => {
    const workflow = result.modules.find(({ source }) => source === 'workflows/journeys/workflow.ts');
    expect(workflow?.dependencies.map(({ resolved }) => resolved)).toContain('workflows/journeys/inbox.ts');
    const decide = result.modules.find(({ source }) => source === 'activities/journeys/decide.ts');
    expect(decide?.dependencies.map(({ resolved }) => resolved)).toContain('shared/db/orm.ts');
    expect(result.summary.totalCruised).toBeGreaterThan(150);
  });

  it('keep to the rules', () => {
    const broken = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(broken).toEqual([]);
  });
});
