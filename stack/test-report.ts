/** The line that a test run ends with. */

/** What is read of vitest's JSON report. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * `N passed, N failed`, with `, N skipped` where some were. A file that could not be loaded counts as one failure, and so does a run that
 * failed although no test did (an unhandled error, or no test at all).
 */
export const closingLine = (report: VitestReport | null, succeeded: boolean): string => {
  if (report === null) return '0 passed, 1 failed';
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloaded.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const counted = `${report.numPassedTests} passed, ${succeeded ? failed : Math.max(failed, 1)} failed`;
  return skipped > 0 ? `${counted}, ${skipped} skipped` : counted;
};
