/**
 * What a runner's checks came to.
 *
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Count
 *
 * The parts of the runners' JSON reports that are counted.
 *
 * @typedef {{
 *   numPassedTests: number,
 *   numFailedTests: number,
 *   numPendingTests: number,
 *   numTodoTests: number,
 *   testResults: readonly { status: string, assertionResults: readonly { status: string }[] }[],
 * }} VitestReport
 *
 * @typedef {{
 *   stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 *   errors: readonly unknown[],
 * }} PlaywrightReport
 */

/** @type {Count} */
export const nothing = { passed: 0, failed: 0, skipped: 0 }

/** @param {boolean} succeeded a check that is one whole, like the type check */
export const countOfCheck = (succeeded) =>
  succeeded ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }

/**
 * A file that could not even be loaded has no tests to count, and counts as one failure.
 *
 * @param {VitestReport} report
 * @returns {Count}
 */
export function countOfVitest(report) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * @param {PlaywrightReport} report
 * @returns {Count}
 */
export const countOfPlaywright = ({ stats, errors }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky + errors.length,
  skipped: stats.skipped,
})

/**
 * The count of a runner, doubted where its exit status and its report disagree: a run that failed
 * without a failed test (a crash, an unhandled error, no report) has failed all the same.
 *
 * @param {Count | undefined} reported undefined when the runner left no report
 * @param {number} exitStatus
 * @returns {Count}
 */
export function settle(reported, exitStatus) {
  if (reported === undefined) return countOfCheck(false)
  if (exitStatus !== 0 && reported.failed === 0) return { ...reported, failed: 1 }
  return reported
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
export const sum = (counts) =>
  counts.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    nothing,
  )

/** @param {Count} count */
export const sentence = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`
