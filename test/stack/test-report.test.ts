import { expect, test } from 'vitest';
import { closingLine } from '../../stack/test-report.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};
const unloaded = { status: 'failed', assertionResults: [] };

test.each([
  ['all passed', report, true, '5 passed, 0 failed'],
  ['some failed', { ...report, numFailedTests: 2 }, false, '5 passed, 2 failed'],
  ['some skipped', { ...report, numPendingTests: 1, numTodoTests: 1 }, true, '5 passed, 0 failed, 2 skipped'],
  ['a file could not be loaded', { ...report, testResults: [unloaded] }, false, '5 passed, 1 failed'],
  ['an error outside the tests', report, false, '5 passed, 1 failed'],
  ['no report', null, false, '0 passed, 1 failed'],
])('%s', (_, given, succeeded, line) => {
  expect(closingLine(given, succeeded)).toBe(line);
});
