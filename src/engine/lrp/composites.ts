import type { MethodName, MethodParameters } from '../../shared/explanation/method'
import { alphaBeta, zPlus } from './rules/alphaBeta'
import { epsilon } from './rules/epsilon'
import { flat } from './rules/flat'
import { gamma } from './rules/gamma'
import { defaultStabiliser, type Rule } from './rules/rule'
import { zBox } from './rules/zBox'

/** What decides which rule a linear layer gets. */
export interface LayerPlace {
  readonly convolution: boolean
  /** No parametrised linear layer lies between it and the input. */
  readonly first: boolean
  /** A convolution with no convolution between it and the input. */
  readonly firstConvolution: boolean
}

/** Which rule each linear layer gets: the first entry that matches wins. */
export interface Composite {
  readonly entries: readonly {
    readonly where: 'first' | 'firstConvolution' | 'convolution' | 'dense' | 'linear'
    readonly rule: Rule
  }[]
  /** Relevance passes activations, or is multiplied by their derivative (excitation backprop). */
  readonly activations: 'pass' | 'gradient'
}

/** How a method propagates: by a composite of rules, or by the plain gradient. */
export type Propagation =
  | { readonly kind: 'relevance'; readonly composite: Composite }
  | { readonly kind: 'gradient'; readonly timesInput: boolean }

const asList = (bound: number | readonly number[]): readonly number[] =>
  typeof bound === 'number' ? [bound] : bound

/** The table of docs/conventions.md, "Composites". */
export function propagationOf(method: MethodName, parameters: MethodParameters): Propagation {
  const epsilonRule = epsilon(parameters.epsilon ?? defaultStabiliser)
  const relevance = (...entries: Composite['entries']): Propagation => ({
    kind: 'relevance',
    composite: { entries, activations: 'pass' },
  })
  const dense = { where: 'dense', rule: epsilonRule } as const
  const firstFlat = { where: 'first', rule: flat } as const
  switch (method) {
    case 'zero':
      return relevance({ where: 'linear', rule: epsilon(0) })
    case 'epsilon':
      return relevance({ where: 'linear', rule: epsilonRule })
    case 'epsilon-plus':
      return relevance({ where: 'convolution', rule: zPlus }, dense)
    case 'epsilon-plus-flat':
      return relevance(firstFlat, { where: 'convolution', rule: zPlus }, dense)
    case 'epsilon-alpha2-beta1':
      return relevance({ where: 'convolution', rule: alphaBeta(2, 1) }, dense)
    case 'epsilon-alpha2-beta1-flat':
      return relevance(firstFlat, { where: 'convolution', rule: alphaBeta(2, 1) }, dense)
    case 'epsilon-gamma-box':
      return relevance(
        {
          where: 'firstConvolution',
          rule: zBox(asList(parameters.low ?? 0), asList(parameters.high ?? 1)),
        },
        { where: 'convolution', rule: gamma(parameters.gamma ?? 0.25) },
        dense,
      )
    case 'excitation-backprop':
      // Zhang et al. 2016 have no rule for activations: their derivative applies, as in Zennit.
      return {
        kind: 'relevance',
        composite: { entries: [{ where: 'linear', rule: zPlus }], activations: 'gradient' },
      }
    case 'gradient':
      return { kind: 'gradient', timesInput: false }
    case 'input-x-gradient':
      return { kind: 'gradient', timesInput: true }
  }
}

/** @throws Error when the composite forgets a kind of layer; the tests see to it that none does. */
export function ruleFor(composite: Composite, place: LayerPlace): Rule {
  const entry = composite.entries.find(
    ({ where }) =>
      where === 'linear' ||
      (where === 'first' && place.first) ||
      (where === 'firstConvolution' && place.firstConvolution) ||
      (where === 'convolution' && place.convolution) ||
      (where === 'dense' && !place.convolution),
  )
  if (!entry) throw new Error('the composite has no rule for this layer')
  return entry.rule
}
