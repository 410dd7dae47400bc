import { describe, expect, it } from 'vitest'
import {
  countOfCheck,
  countOfPlaywright,
  countOfVitest,
  sentence,
  settle,
  sum,
} from '../../../tools/testing/count.mjs'

describe('counting checks', () => {
  it('takes tests as the unit runner reports them', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    }
    expect(countOfVitest(report)).toEqual({ passed: 7, failed: 1, skipped: 3 })
  })

  it('takes a file that did not load as one failure', () => {
    const report = {
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [{ status: 'failed', assertionResults: [] }],
    }
    expect(countOfVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('takes journeys as their runner reports them, and a flaky one as failed', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }
    expect(countOfPlaywright({ stats, errors: [] })).toEqual({ passed: 5, failed: 2, skipped: 2 })
    expect(countOfPlaywright({ stats, errors: [{ message: 'no such file' }] }).failed).toBe(3)
  })

  it('believes no report that the exit status contradicts', () => {
    const good = { passed: 3, failed: 0, skipped: 0 }
    expect(settle(good, 0)).toEqual(good)
    expect(settle(good, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
    expect(settle({ passed: 3, failed: 2, skipped: 0 }, 1).failed).toBe(2)
    expect(settle(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('ends in one line', () => {
    const all = sum([countOfCheck(true), countOfCheck(false), { passed: 4, failed: 0, skipped: 1 }])
    expect(sentence(all)).toBe('5 passed, 1 failed, 1 skipped')
  })
})
