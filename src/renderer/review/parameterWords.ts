import type {
  baselines,
  lrnTreatments,
  MethodName,
  ParameterName,
} from '../../shared/explanation/method'

export interface ParameterWords {
  readonly label: string
  /** What it does, in one sentence. */
  readonly title: string
  /** What an empty field stands for; by method where they differ. */
  readonly usual: string | Readonly<Partial<Record<MethodName, string>>>
  /** Values and their words, where there are only a few. */
  readonly choices?: Readonly<Record<string, string>>
}

export const parameterWords: Readonly<Record<ParameterName, ParameterWords>> = {
  epsilon: {
    label: 'ε',
    title: 'Stabiliser of the epsilon rule: what is weaker than it is absorbed.',
    usual: '1e-6',
  },
  gamma: {
    label: 'γ',
    title: 'Share by which positive weights are favoured.',
    usual: '0.25',
  },
  low: {
    label: 'Darkest',
    title: 'Lowest input value after preprocessing: one number, or one per channel.',
    usual: '',
  },
  high: {
    label: 'Brightest',
    title: 'Highest input value after preprocessing: one number, or one per channel.',
    usual: '',
  },
  lrn: {
    label: 'Normalisation',
    title: 'What local response normalisation (LRN) does to relevance.',
    usual: 'identity',
    choices: {
      identity: 'passes',
      taylor: 'by Taylor',
      gradient: 'by gradient',
    } satisfies Record<(typeof lrnTreatments)[number], string>,
  },
  steps: {
    label: 'Steps',
    title: 'How many steps between the empty image and this one: more is slower and more exact.',
    usual: { 'integrated-gradients': '20', taylor: '40' },
  },
  baseline: {
    label: 'Empty image',
    title: 'What an image without the object looks like.',
    usual: 'zero',
    choices: {
      zero: 'zero',
      mean: 'mean colour',
      low: 'darkest',
      high: 'brightest',
      blur: 'blurred',
    } satisfies Record<(typeof baselines)[number], string>,
  },
  samples: {
    label: 'Copies',
    title: 'How many noisy copies are averaged: more is slower and calmer.',
    usual: '20',
  },
  noise: {
    label: 'Noise',
    title: 'Standard deviation of the noise, as a share of the image’s range of values.',
    usual: '0.1',
  },
  seed: {
    label: 'Seed',
    title: 'The same seed draws the same noise.',
    usual: '0',
  },
  patch: {
    label: 'Square',
    title: 'Side of the covered square in pixels of the network’s input.',
    usual: '⅛ of the side',
  },
  stride: {
    label: 'Stride',
    title: 'Pixels from one square to the next: smaller is slower and finer.',
    usual: 'half a square',
  },
}

/** What an empty field stands for. */
export function usualText(name: ParameterName, method: MethodName): string {
  const { usual } = parameterWords[name]
  return typeof usual === 'string' ? usual : (usual[method] ?? '')
}
