import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createStartsExplainer, summariseLedger } from '../../../../src/engine/lrp/explainer'
import { readNpy, relativeL2 } from '../../../support/npy'
import { goldens } from '../../support/paths'
import { explained } from './explained'

const folder = join(goldens, 'vit_tiny')
const bytes = new Uint8Array(readFileSync(join(folder, 'model.onnx')))
const input = Float32Array.from(readNpy(join(folder, 'input.npy')).values)
const oneHot = (at: number): number[] => Array.from({ length: 10 }, (_, c) => (c === at ? 1 : 0))

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)

/** `explained` itself fails where a layer, or the whole, does not balance. */
describe('the ledger', () => {
  test.each(['attn-lrp', 'cp-lrp', 'epsilon', 'epsilon-plus'] as const)(
    '%s: the logit is what arrives and what every account kept',
    async (method) => {
      const { entries, relevance, startRelevance } = await explained(bytes, method, input, {
        mask: oneHot(5),
      })
      const accounts = (['bias', 'stabiliser', 'unexplained', 'residual'] as const).map((account) =>
        sum(entries.map((entry) => entry[account])),
      )
      const logit = startRelevance[0] ?? NaN
      expect(sum(relevance) + sum(accounts)).toBeCloseTo(logit, 4)
      // Residuals are rounding alone: nothing is balanced by them.
      expect(Math.abs(accounts[3] ?? NaN) / Math.abs(logit)).toBeLessThan(1e-4)
    },
  )

  test('attn-lrp has a row for all that distributes', async () => {
    const { entries } = await explained(bytes, 'attn-lrp', input, { mask: oneHot(5) })
    const rows = new Map<string, number>()
    for (const { rule } of entries) rows.set(rule, (rows.get(rule) ?? 0) + 1)
    // Two blocks of q, k, v, projection and two dense layers; the patches and the head.
    expect(rows.get('zero')).toBe(2 * 6 + 2)
    // Two in each block, one behind them.
    expect(rows.get('affine')).toBe(5)
    expect(rows.get('half to each')).toBe(4)
    expect(rows.get('input × gradient')).toBe(2)
    // Residual sums, and the positions.
    expect(rows.get('norm')).toBe(5)
  })

  test('cp-lrp sends nothing to what a softmax reads', async () => {
    const { entries } = await explained(bytes, 'cp-lrp', input, { mask: oneHot(5) })
    expect(entries.some(({ operator }) => operator === 'Softmax')).toBe(false)
    const products = entries.filter(({ operator }) => operator === 'MatMul')
    expect(products.map(({ rule }) => rule)).toEqual(Array(2).fill('attention held constant'))
  })
})

test.each(['attn-lrp', 'cp-lrp', 'gradient'] as const)(
  '%s: several classes in one run get what each gets alone',
  async (method) => {
    const start = method === 'gradient' ? 'unit' : 'logit'
    const explainer = await createStartsExplainer(
      bytes,
      { method, parameters: {}, start, batch: 1 },
      3,
    )
    expect(explainer.shared).toBe(true)
    const classes = [5, 3, 0]
    const together = await explainer.run(input, Float32Array.from(classes.flatMap(oneHot)))
    await explainer.release()
    for (const [at, which] of classes.entries()) {
      const alone = await explained(bytes, method, input, { mask: oneHot(which) })
      expect(relativeL2(together[at]?.relevance ?? [], alone.relevance)).toBeLessThan(1e-5)
      const ledger = together[at]?.ledger
      if (ledger) expect(summariseLedger(ledger).balanced).toBe(true)
    }
  },
)
