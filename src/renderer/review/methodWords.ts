import type { CardInput } from '../../shared/card'
import type { MethodName, MethodParameters } from '../../shared/explanation/method'

export type ParameterName = keyof MethodParameters

export interface MethodWords {
  readonly label: string
  /** For someone who has never read the paper. */
  readonly description: string
  readonly parameters: readonly ParameterName[]
}

export const methodWords: Readonly<Record<MethodName, MethodWords>> = {
  'epsilon-plus-flat': {
    label: 'LRP ε⁺ flat',
    description:
      'Follows what spoke for the class back through the network; the first layer spreads evenly, so areas show rather than edges. A good first look.',
    parameters: ['epsilon'],
  },
  'epsilon-plus': {
    label: 'LRP ε⁺',
    description: 'As ε⁺ flat, down to single pixels: finer, and noisier at edges.',
    parameters: ['epsilon'],
  },
  'epsilon-alpha2-beta1': {
    label: 'LRP α2β1',
    description:
      'Weighs evidence for twice and evidence against once in every convolution: strong contrast.',
    parameters: ['epsilon'],
  },
  'epsilon-alpha2-beta1-flat': {
    label: 'LRP α2β1 flat',
    description: 'As α2β1, with the first layer spread evenly.',
    parameters: ['epsilon'],
  },
  'epsilon-gamma-box': {
    label: 'LRP γ box',
    description:
      'Favours evidence for by the share γ, and measures the first layer against the darkest and the brightest possible pixel.',
    parameters: ['gamma', 'low', 'high', 'epsilon'],
  },
  epsilon: {
    label: 'LRP ε',
    description: 'Distributes exactly by contribution; ε absorbs weak, contradictory ones.',
    parameters: ['epsilon'],
  },
  zero: {
    label: 'LRP 0',
    description:
      'Distributes exactly by contribution, nothing smoothed: the rawest map, often noisy.',
    parameters: [],
  },
  'excitation-backprop': {
    label: 'Excitation backprop',
    description: 'Only evidence for, in every layer: a coarse map of where the class was seen.',
    parameters: [],
  },
  gradient: {
    label: 'Gradient',
    description:
      'How much a small change of each pixel would change the score. Sensitivity, not evidence: nothing balances.',
    parameters: [],
  },
  'input-x-gradient': {
    label: 'Input × gradient',
    description:
      'The gradient times the pixel: a linear guess at each pixel’s share. Nothing balances.',
    parameters: [],
  },
}

export const parameterWords: Readonly<
  Record<ParameterName, { readonly label: string; readonly title: string; readonly usual: string }>
> = {
  epsilon: { label: 'ε', title: 'Stabiliser of the epsilon rule', usual: '1e-6' },
  gamma: { label: 'γ', title: 'Share by which positive weights are favoured', usual: '0.25' },
  low: {
    label: 'low',
    title: 'Lowest input value after preprocessing: one number, or one per channel',
    usual: '',
  },
  high: {
    label: 'high',
    title: 'Highest input value after preprocessing: one number, or one per channel',
    usual: '',
  },
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
  const bounds = boxBounds(input)
  const used = new Set(methodWords[method].parameters)
  return {
    ...(used.has('epsilon') && before.epsilon !== undefined ? { epsilon: before.epsilon } : {}),
    ...(used.has('gamma') && before.gamma !== undefined ? { gamma: before.gamma } : {}),
    ...(used.has('low') ? { low: before.low ?? bounds.low } : {}),
    ...(used.has('high') ? { high: before.high ?? bounds.high } : {}),
  }
}
