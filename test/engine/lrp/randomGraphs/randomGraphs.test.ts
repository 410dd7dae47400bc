import { afterAll, describe, expect, test } from 'vitest'
import { readModel } from '../../../../src/engine/onnx/read'
import { hasSinglePass, methodNames } from '../../../../src/shared/explanation/method'
import { generate, rows, type RandomGraph } from './generate'
import { Findings } from './properties/findings'
import { judgeGradients, slopesOf } from './properties/gradients'
import {
  judgeHomogeneous,
  judgeRelevance,
  judgeSpelling,
  judgeStarts,
} from './properties/relevance'

/**
 * Random small classifiers against what must hold for every classifier. Which ones, the seed decides: a failing
 * test names it. RANDOM_GRAPHS=first-last asks for others than the usual ones.
 */
const [first = 1, last = 260] = (process.env['RANDOM_GRAPHS'] ?? '1-260').split('-').map(Number)
const seeds = Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** Taken in turn; gradient and input-x-gradient are asked of every graph. */
const methods = methodNames.filter(
  (name) => hasSinglePass(name) && !['custom', 'gradient', 'input-x-gradient'].includes(name),
)

const totals = {
  graphs: 0,
  made: new Set<string>(),
  compared: 0,
  blurred: 0,
  kinked: 0,
  refusals: new Map<string, number>(),
}

function findingsFor(graph: RandomGraph): Findings {
  return new Findings(readModel(graph.bytes).graph.nodes.map(({ name }) => name))
}

function settle(graph: RandomGraph, findings: Findings): void {
  totals.graphs++
  for (const row of graph.made) totals.made.add(row)
  totals.compared += findings.compared
  totals.blurred += findings.blurred.length
  for (const refusal of findings.refusals) {
    const reason = refusal.replaceAll(/“[^”]*”/g, '…')
    totals.refusals.set(reason, (totals.refusals.get(reason) ?? 0) + 1)
  }
  expect(findings.complaints, `operator set ${graph.opset}: ${graph.made.join(', ')}`).toEqual([])
}

/** Each graph features a row of the table in turn, so that each is asked about. */
const featuring = (seed: number, from: typeof rows): string | undefined =>
  from[seed % from.length]?.name

describe('random graphs', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const options = { featuring: featuring(seed, rows) }
    const graph = generate(seed, options)
    const findings = findingsFor(graph)
    const slopes = slopesOf(graph, seed)
    if (!slopes) {
      // Kinks at every input, such as the corner of a Clip that a constant sits on.
      totals.kinked++
      return
    }
    await judgeGradients(graph, slopes, findings)
    const method = methods[seed % methods.length] ?? 'epsilon'
    const { question } = slopes
    const double = await judgeRelevance(graph, question, method, findings)
    if (double) {
      await judgeSpelling(
        generate(seed, { ...options, spelling: 1 }),
        question,
        double,
        method,
        findings,
      )
      if (seed % 4 === 0) await judgeStarts(graph, question, double, method, findings)
    }
    settle(graph, findings)
  })
})

const homogeneous = rows.filter(({ isHomogeneous }) => isHomogeneous)

describe('random homogeneous graphs', () => {
  test.each(seeds.slice(0, homogeneous.length))('seed %i', async (seed) => {
    const graph = generate(seed, { homogeneous: true, featuring: featuring(seed, homogeneous) })
    const findings = findingsFor(graph)
    const slopes = slopesOf(graph, seed)
    if (slopes) await judgeHomogeneous(graph, slopes.question, findings)
    else totals.kinked++
    settle(graph, findings)
  })
})

afterAll(() => {
  const refusals = [...totals.refusals].toSorted(([, a], [, b]) => b - a)
  console.log(
    [
      `${totals.graphs} random graphs, ${totals.compared} comparisons, ${totals.blurred} of them blurred by float32; ${totals.kinked} graphs with kinks everywhere; refused:`,
      ...refusals.map(([reason, count]) => `${count} × ${reason}`),
    ].join('\n'),
  )
  // Else these tests would say nothing.
  expect(rows.map(({ name }) => name).filter((name) => !totals.made.has(name))).toEqual([])
  expect(totals.kinked).toBeLessThan(0.15 * seeds.length)
  expect(totals.blurred).toBeLessThan(0.02 * totals.compared)
  const refused = refusals.reduce((sum, [, count]) => sum + count, 0)
  expect(refused).toBeLessThan(0.2 * totals.graphs)
})
