import { afterEach, describe, expect, test, vi } from 'vitest'
import type * as Composites from '../../../src/engine/lrp/composites'
import type { Composite, LayerPlace } from '../../../src/engine/lrp/composites'
import { createExplainer, summariseLedger } from '../../../src/engine/lrp/explainer'
import { times } from '../../../src/engine/lrp/ledgerSum'
import type { Rule, RuleContext, RuleResult } from '../../../src/engine/lrp/rules/rule'
import { examples } from './support/networks'
import { noise } from './support/smallNetwork'

/** What spoils every rule's result in the compiler; the identity between the tests. */
const spoil = vi.hoisted(() => ({
  rule: (_context: RuleContext, result: RuleResult): RuleResult => result,
}))

vi.mock('../../../src/engine/lrp/composites', async (original) => {
  const composites = await original<typeof Composites>()
  return {
    ...composites,
    ruleFor: (composite: Composite, place: LayerPlace): Rule => {
      const rule = composites.ruleFor(composite, place)
      return { ...rule, apply: (context) => spoil.rule(context, rule.apply(context)) }
    },
  }
})

afterEach(() => {
  spoil.rule = (_context, result) => result
})

async function balanced(method: 'epsilon-plus' | 'epsilon-gamma-box' | 'epsilon-plus-flat') {
  const example = examples.find(({ name }) => name === 'residual')
  if (!example) throw new Error('no such network')
  const explainer = await createExplainer(example.bytes, {
    method,
    parameters: method === 'epsilon-gamma-box' ? { low: -1, high: 1 } : {},
    start: 'logit',
    batch: 1,
  })
  const mask = Float32Array.from({ length: explainer.classCount }, (_, c) => (c === 1 ? 1 : 0))
  const { ledger } = await explainer.run(noise(7, 2 * 8 * 8), mask)
  await explainer.release()
  return summariseLedger(ledger ?? []).balanced
}

const scaled =
  (factor: number) =>
  ({ builder }: RuleContext, { signal, shares }: RuleResult): RuleResult => ({
    signal: { ...signal, factor: builder.scale(signal.factor, factor) },
    shares,
  })

describe.each(['epsilon-plus', 'epsilon-plus-flat', 'epsilon-gamma-box'] as const)(
  '%s',
  (method) => {
    test('the right rules balance', async () => {
      expect(await balanced(method)).toBe(true)
    })

    test.each([0.99, 1.01, 0, -1])('relevance passed on %s times does not', async (factor) => {
      spoil.rule = scaled(factor)
      expect(await balanced(method)).toBe(false)
    })

    test('relevance that forgets the layer’s own signs does not', async () => {
      spoil.rule = ({ builder }, { signal, shares }) => ({
        signal: { ...signal, factor: builder.op('Abs', [signal.factor]) },
        shares,
      })
      expect(await balanced(method)).toBe(false)
    })
  },
)

test('a bias that claims twice its share does not balance', async () => {
  spoil.rule = (_, { signal, shares: { bias, ...shares } }) => ({
    signal,
    shares: { ...shares, bias: bias && (() => times(bias(), 2)) },
  })
  expect(await balanced('epsilon-plus')).toBe(false)
})
