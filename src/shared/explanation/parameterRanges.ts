import { baselines, lrnTreatments, type ParameterName } from './method'

/** The words that stand for a parameter's value; none where it is a number. */
export const parameterChoices: Readonly<Partial<Record<ParameterName, readonly string[]>>> = {
  lrn: lrnTreatments,
  baseline: baselines,
}

const perChannel = 'a number, or one per channel with commas between'
const oneOf = (words: readonly string[]): string =>
  `one of ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`

/** What a parameter may be, as the end of a sentence. */
export const parameterRanges: Readonly<Record<ParameterName, string>> = {
  epsilon: 'a number from 0 to 1,000,000',
  gamma: 'a number from 0 to 1,000,000',
  low: perChannel,
  high: perChannel,
  lrn: oneOf(lrnTreatments),
  steps: 'a whole number from 1 to 10,000',
  baseline: oneOf(baselines),
  samples: 'a whole number from 1 to 10,000',
  noise: 'a number from 0 to 10',
  seed: 'a whole number from 0 to 4,294,967,295',
  patch: 'a whole number of pixels from 1 to 4,096',
  stride: 'a whole number of pixels from 1 to 4,096',
}
