import { AppError } from '../../shared/errors'
import type { CustomComposite } from '../../shared/explanation/composite'
import type { MethodName, MethodParameters } from '../../shared/explanation/method'
import { asList, ruleOf, selectorOf } from './customComposite'
import { alphaBeta, zPlus } from './rules/alphaBeta'
import { epsilon } from './rules/epsilon'
import { flat } from './rules/flat'
import { gamma } from './rules/gamma'
import { defaultStabiliser, type Rule } from './rules/rule'
import { zBox } from './rules/zBox'

/** What decides which rule a linear layer gets. */
export interface LayerPlace {
  /** The node's name in the original model. */
  readonly name: string
  /** Counted from the input over all linear layers in the order of the graph, from 1. */
  readonly number: number
  readonly convolution: boolean
  /** No parametrised linear layer lies between it and the input. */
  readonly first: boolean
  /** A convolution with no convolution between it and the input. */
  readonly firstConvolution: boolean
}

/** What happens to relevance, operator by operator. */
export interface Composite {
  /** Which rule each linear layer gets: the first entry that matches wins. */
  readonly entries: readonly {
    readonly matches: (place: LayerPlace) => boolean
    readonly rule: Rule
  }[]
  /** Relevance passes activations, or is multiplied by their derivative (excitation backprop). */
  readonly activations: 'pass' | 'gradient'
  /**
   * Relevance passes normalisations (batch, layer, group, instance), or goes through them as through affine
   * layers, the deviation held constant (AttnLRP).
   */
  readonly normalisations: 'pass' | 'affine'
  /** A product of two activations gives half to each; attention may be held constant (CP-LRP). */
  readonly attention: 'half' | 'constant'
  /** Stabiliser of `norm`: sums and means of activations. */
  readonly normStabiliser: number
  readonly lrn: 'identity' | 'taylor' | 'gradient'
}

/** What a ReLU does to a gradient: its derivative; only positive gradient where it was active; only positive gradient. */
export type ReluGradient = 'derivative' | 'guided' | 'deconvnet'

/** How a method propagates: by a composite of rules, or by the gradient. */
export type Propagation =
  | { readonly kind: 'relevance'; readonly composite: Composite }
  | { readonly kind: 'gradient'; readonly timesInput: boolean; readonly relu: ReluGradient }

const linear = (): boolean => true
const first = (place: LayerPlace): boolean => place.first
const firstConvolution = (place: LayerPlace): boolean => place.firstConvolution
const convolution = (place: LayerPlace): boolean => place.convolution
const dense = (place: LayerPlace): boolean => !place.convolution

/**
 * The table of docs/conventions.md, "Composites". Methods that sample (integrated gradients, SmoothGrad,
 * Taylor) do so around the plain gradient.
 * @param custom the rules of the method `custom`.
 * @throws AppError `invalid-input` for `custom` without rules and for methods that need no compiled relevance.
 */
export function propagationOf(
  method: MethodName,
  parameters: MethodParameters,
  custom?: CustomComposite,
): Propagation {
  const epsilonRule = epsilon(parameters.epsilon ?? defaultStabiliser)
  const usual = {
    activations: 'pass',
    normalisations: 'pass',
    attention: 'half',
    normStabiliser: defaultStabiliser,
    lrn: parameters.lrn ?? 'identity',
  } as const
  const relevance = (
    entries: Composite['entries'],
    other: Partial<Composite> = {},
  ): Propagation => ({
    kind: 'relevance',
    composite: { ...usual, ...other, entries },
  })
  const gradient = (timesInput: boolean, relu: ReluGradient): Propagation => ({
    kind: 'gradient',
    timesInput,
    relu,
  })
  const denseEpsilon = { matches: dense, rule: epsilonRule }
  const firstFlat = { matches: first, rule: flat }
  switch (method) {
    case 'zero':
      return relevance([{ matches: linear, rule: epsilon(0) }])
    case 'epsilon':
      return relevance([{ matches: linear, rule: epsilonRule }])
    case 'epsilon-plus':
      return relevance([{ matches: convolution, rule: zPlus }, denseEpsilon])
    case 'epsilon-plus-flat':
      return relevance([firstFlat, { matches: convolution, rule: zPlus }, denseEpsilon])
    case 'epsilon-alpha2-beta1':
      return relevance([{ matches: convolution, rule: alphaBeta(2, 1) }, denseEpsilon])
    case 'epsilon-alpha2-beta1-flat':
      return relevance([firstFlat, { matches: convolution, rule: alphaBeta(2, 1) }, denseEpsilon])
    case 'epsilon-gamma-box':
      return relevance([
        {
          matches: firstConvolution,
          rule: zBox(asList(parameters.low ?? 0), asList(parameters.high ?? 1)),
        },
        { matches: convolution, rule: gamma(parameters.gamma ?? 0.25) },
        denseEpsilon,
      ])
    case 'excitation-backprop':
      // Zhang et al. 2016 have no rule for activations: their derivative applies, as in Zennit.
      return relevance([{ matches: linear, rule: zPlus }], { activations: 'gradient' })
    case 'attn-lrp':
    case 'cp-lrp':
      // Achtibat et al. 2024: LRP-0 throughout, so nothing is stabilised.
      return relevance([{ matches: linear, rule: epsilon(0) }], {
        normalisations: 'affine',
        attention: method === 'cp-lrp' ? 'constant' : 'half',
        normStabiliser: 0,
      })
    case 'custom':
      if (custom) return customPropagation(custom, usual)
      throw new AppError(
        'invalid-input',
        'The method custom has no rules.',
        'Choose a composite file.',
      )
    case 'gradient':
    case 'integrated-gradients':
    case 'smoothgrad':
    case 'taylor':
    case 'occlusion':
      return gradient(false, 'derivative')
    case 'input-x-gradient':
      return gradient(true, 'derivative')
    case 'guided-backprop':
      return gradient(false, 'guided')
    case 'deconvnet':
      return gradient(false, 'deconvnet')
  }
}

function customPropagation(
  custom: CustomComposite,
  usual: Omit<Composite, 'entries'>,
): Propagation {
  return {
    kind: 'relevance',
    composite: {
      ...usual,
      activations: custom.activations,
      normalisations: custom.normalisations,
      attention: custom.attention,
      entries: custom.layers.map(({ select, apply }) => ({
        matches: selectorOf(select),
        rule: ruleOf(apply),
      })),
    },
  }
}

/** @throws AppError `invalid-input` when a custom composite has no rule for a layer. */
export function ruleFor(composite: Composite, place: LayerPlace): Rule {
  const entry = composite.entries.find(({ matches }) => matches(place))
  if (entry) return entry.rule
  throw new AppError(
    'invalid-input',
    `The composite has no rule for “${place.name}” (linear layer ${place.number}).`,
    'End its list with an entry for any layer.',
  )
}
