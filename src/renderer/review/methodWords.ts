import type { CardInput } from '../../shared/card'
import {
  methodParametersSchema,
  parametersOf,
  type MethodName,
  type MethodParameters,
  type ParameterName,
} from '../../shared/explanation/method'
import type { ModelTraits } from '../../shared/explanation/traits'

/** The chooser: headings, and below each what to try first. */
export const methodGroups: readonly {
  readonly heading: string
  readonly methods: readonly MethodName[]
}[] = [
  {
    heading: 'Relevance propagation',
    methods: [
      'epsilon-plus-flat',
      'epsilon-plus',
      'epsilon-gamma-box',
      'epsilon-alpha2-beta1-flat',
      'epsilon-alpha2-beta1',
      'epsilon',
      'zero',
      'excitation-backprop',
      'custom',
    ],
  },
  { heading: 'Transformers', methods: ['attn-lrp', 'cp-lrp'] },
  {
    heading: 'Gradients',
    methods: [
      'gradient',
      'input-x-gradient',
      'integrated-gradients',
      'smoothgrad',
      'guided-backprop',
      'deconvnet',
    ],
  },
  { heading: 'Checks', methods: ['occlusion', 'taylor'] },
]

export interface MethodWords {
  readonly label: string
  /** One sentence for someone who has never read the paper. */
  readonly description: string
  /** The kind of network it was made for; absent where it suits all. */
  readonly madeFor?: Exclude<ModelTraits['family'], 'other'>
}

export const methodWords: Readonly<Record<MethodName, MethodWords>> = {
  'epsilon-plus-flat': {
    label: 'LRP ε⁺ flat',
    madeFor: 'convolutional',
    description:
      'Follows what spoke for the class back to the image, as areas rather than edges: a first look.',
  },
  'epsilon-plus': {
    label: 'LRP ε⁺',
    madeFor: 'convolutional',
    description: 'As ε⁺ flat, down to single pixels: finer, and noisier at edges.',
  },
  'epsilon-gamma-box': {
    label: 'LRP γ box',
    madeFor: 'convolutional',
    description:
      'Favours evidence for by the share γ, and measures pixels against the darkest and the brightest.',
  },
  'epsilon-alpha2-beta1-flat': {
    label: 'LRP α2β1 flat',
    madeFor: 'convolutional',
    description:
      'Weighs evidence for twice and evidence against once: strong contrast, shown as areas.',
  },
  'epsilon-alpha2-beta1': {
    label: 'LRP α2β1',
    madeFor: 'convolutional',
    description: 'As α2β1 flat, down to single pixels.',
  },
  epsilon: {
    label: 'LRP ε',
    description:
      'Shares out by exact contribution, letting ε absorb what is weak and contradictory.',
  },
  zero: {
    label: 'LRP 0',
    description: 'Shares out by exact contribution, nothing smoothed: the rawest map, often noisy.',
  },
  'excitation-backprop': {
    label: 'Excitation backprop',
    madeFor: 'convolutional',
    description: 'Only evidence for, in every layer: a coarse map of where the class was seen.',
  },
  custom: {
    label: 'Rules from a file',
    description: 'Your own choice of a rule for each layer, read from a composite file.',
  },
  'attn-lrp': {
    label: 'AttnLRP',
    madeFor: 'transformer',
    description:
      'Goes back through attention itself: to where the model looked and to what it found there.',
  },
  'cp-lrp': {
    label: 'CP-LRP',
    madeFor: 'transformer',
    description: 'Takes where a transformer looked as given, and follows only what it found there.',
  },
  gradient: {
    label: 'Gradient',
    description:
      'How much a small change of each pixel would change the score: sensitivity, not evidence.',
  },
  'input-x-gradient': {
    label: 'Input × gradient',
    description: 'The gradient times the pixel: a linear guess at each pixel’s share.',
  },
  'integrated-gradients': {
    label: 'Integrated gradients',
    description:
      'Adds up gradients from an empty image to this one: the shares sum to the change of the score.',
  },
  smoothgrad: {
    label: 'SmoothGrad',
    description: 'The mean gradient over noisy copies of the image: calmer than a single gradient.',
  },
  'guided-backprop': {
    label: 'Guided backprop',
    description:
      'A gradient kept positive on the way: crisp edges, but much the same for every class.',
  },
  deconvnet: {
    label: 'Deconvnet',
    description:
      'Runs the network backwards: patterns that it reacts to, hardly tied to the class.',
  },
  occlusion: {
    label: 'Occlusion',
    description:
      'Covers the image square by square and measures how far the score drops: slow, but no rule to trust.',
  },
  taylor: {
    label: 'Taylor',
    description:
      'Finds a nearby image whose score is nothing and explains the difference to it by one gradient.',
  },
}

const networkWords = {
  convolutional: 'convolutional networks',
  transformer: 'transformers',
} as const

/** `for transformers`, where a method was made for another kind of network than the model is; else empty. */
export function madeForText(method: MethodName, traits: ModelTraits | null): string {
  const { madeFor } = methodWords[method]
  if (madeFor === undefined || traits === null || traits.family === madeFor) return ''
  return `for ${networkWords[madeFor]}`
}

/** What to say of a method that was made for another kind of network; empty where it suits. */
export function mismatchText(method: MethodName, traits: ModelTraits | null): string {
  const made = madeForText(method, traits)
  if (made === '') return ''
  const better = traits?.family === 'transformer' ? '; for this transformer try AttnLRP' : ''
  return `Made ${made}${better}.`
}

/** The parameters that decide something in this model. */
export function parametersShown(
  method: MethodName,
  traits: ModelTraits | null,
): readonly ParameterName[] {
  return parametersOf(method).filter(
    (name) => name !== 'lrn' || traits === null || traits.localNormalisation,
  )
}

/** The darkest and the brightest pixel as the network sees them: (v·scale − mean) / std. */
export function boxBounds(input: CardInput): { readonly low: number[]; readonly high: number[] } {
  const of = (value: number) =>
    input.mean.map((mean, channel) => (value * input.scale - mean) / (input.std[channel] ?? 1))
  const dark = of(0)
  const bright = of(255)
  // A negative std turns them round.
  return {
    low: dark.map((value, channel) => Math.min(value, bright[channel] ?? value)),
    high: dark.map((value, channel) => Math.max(value, bright[channel] ?? value)),
  }
}

/** The parameters that a method starts with; what it does not use is left out. */
export function parametersFor(
  method: MethodName,
  before: MethodParameters,
  input: CardInput,
): MethodParameters {
  const used: readonly string[] = parametersOf(method)
  const kept = methodParametersSchema.parse(
    Object.fromEntries(Object.entries(before).filter(([name]) => used.includes(name))),
  )
  return used.includes('low') ? { ...boxBounds(input), ...kept } : kept
}
