import { basename } from 'node:path'
import { computedBy } from '../../shared/explanation/provider'
import { formatProbability, formatRelevance } from '../../shared/format/numbers'
import { plainSpaces } from '../describe'
import type { DemoResult } from './result'
import { formatTable } from '../table'

export function demoTable(results: readonly DemoResult[]): string {
  return formatTable(
    [
      { title: 'image', align: 'left' },
      { title: 'model', align: 'left' },
      { title: 'method', align: 'left' },
      { title: 'top-5 (probability)', align: 'left' },
      { title: 'logit', align: 'right' },
      { title: 'Σ relevance', align: 'right' },
      { title: 'largest residual', align: 'right' },
      { title: 'provider', align: 'left' },
      { title: 'ms', align: 'right' },
    ],
    results.map(({ sample, result }) => [
      basename(sample.image),
      basename(sample.model),
      sample.method,
      result.prediction.top
        .map(({ label, probability }) => `${label} ${plainSpaces(formatProbability(probability))}`)
        .join(', '),
      number(result.explained.logit),
      number(result.sumRelevance),
      result.ledger ? result.ledger.largestResidual.toExponential(1) : '–',
      computedBy(result),
      (result.milliseconds.forward + result.milliseconds.explanation).toFixed(0),
    ]),
  )
}

function number(value: number): string {
  return plainSpaces(formatRelevance(value, { digits: 4 }))
}
