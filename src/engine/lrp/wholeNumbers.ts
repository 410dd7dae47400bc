import { AppError } from '../../shared/errors'

/** The whole numbers that an input takes. */
export interface WholeNumbers {
  readonly low: number
  readonly high: number
}

/** The nearest numbers that an input takes. */
export function roundedTo(values: Float32Array, range: WholeNumbers | null): Float32Array {
  return range
    ? values.map((value) => Math.min(range.high, Math.max(range.low, Math.round(value))))
    : values
}

/**
 * An input of whole numbers, pixels as a rule, is fed as floats that must be some.
 * @param range null for inputs that take any number.
 * @throws AppError `invalid-input` for a number that the model's own type does not have.
 */
export function checkWholeNumbers(input: Float32Array, range: WholeNumbers | null): void {
  if (!range) return
  const odd = input.find((value) => !(Number.isInteger(value) && value >= range.low && value <= range.high)) // prettier-ignore
  if (odd === undefined) return
  throw new AppError(
    'invalid-input',
    `The model takes whole numbers from ${range.low} to ${range.high}, but was given ${odd}.`,
    'Pixels meet such a model as they are: scale 1, mean 0 and std 1 in the model card.',
  )
}
