import { AppError } from '../../../shared/errors'
import type { MethodParameters } from '../../../shared/explanation/method'
import { blurred, strongBlur } from './blur'
import type { Geometry } from './geometry'

/** What an image without the object looks like, made from the input that is explained. */
export interface Baseline {
  /** For the conventions. */
  readonly words: string
  /** @param sample one sample, of the model's input. */
  readonly of: (sample: Float32Array) => Float32Array
}

/**
 * The baseline that the parameters name; `zero` when they name none.
 * @param geometry null where a sample is no picture; its numbers are then one channel.
 * @throws AppError `invalid-input` where nothing says what black and white become, or there is no picture to blur.
 */
export function baselineOf(parameters: MethodParameters, geometry: Geometry | null): Baseline {
  const { baseline = 'zero' } = parameters
  switch (baseline) {
    case 'zero':
      return { words: 'zero: 0 everywhere', of: (sample) => new Float32Array(sample.length) }
    case 'mean':
      return {
        words: 'mean: the mean of this input, channel by channel',
        of: (sample) => perChannel(sample, geometry, means(sample, geometry)),
      }
    case 'low':
    case 'high': {
      const bound = boundOf(parameters, baseline, geometry)
      const end = baseline === 'low' ? 'lowest' : 'highest'
      return {
        words: `${baseline}: the ${end} value of a pixel, channel by channel: ${bound.map((value) => Number(value.toPrecision(6))).join(', ')}`,
        of: (sample) => perChannel(sample, geometry, bound),
      }
    }
    case 'blur': {
      if (!geometry)
        throw new AppError(
          'invalid-input',
          'The baseline “blur” needs a picture, and the input of this model is none.',
          'Choose another baseline, such as zero or mean.',
        )
      const sigma = strongBlur(geometry)
      return {
        words: `blur: this input under a Gaussian of ${Number(sigma.toPrecision(6))} px (an eighth of its shorter side), cut off at three times that`,
        of: (sample) => blurred(sample, geometry, sigma),
      }
    }
  }
}

function means(sample: Float32Array, geometry: Geometry | null): number[] {
  if (!geometry) return [sample.reduce((sum, value) => sum + value, 0) / sample.length]
  const { channels, width, height, at } = geometry
  return Array.from({ length: channels }, (_, c) => {
    let sum = 0
    for (let pixel = 0; pixel < width * height; pixel++) sum += sample[at(c, pixel)] ?? 0
    return sum / (width * height)
  })
}

function boundOf(
  parameters: MethodParameters,
  end: 'low' | 'high',
  geometry: Geometry | null,
): readonly number[] {
  const bound = parameters[end]
  const values = bound === undefined ? [] : [bound].flat()
  const channels = geometry?.channels ?? 1
  if (values.length === 1 || values.length === channels) return values
  const what = end === 'low' ? 'lowest' : 'highest'
  throw new AppError(
    'invalid-input',
    values.length === 0
      ? `The baseline “${end}” is the ${what} value of a pixel, and nothing says which that is.`
      : `The baseline “${end}” has ${values.length} values for ${channels} channels.`,
    'A model card says what black and white become; without one choose zero, mean or blur.',
  )
}

/** @param values one for all channels, or one each. */
function perChannel(
  sample: Float32Array,
  geometry: Geometry | null,
  values: readonly number[],
): Float32Array {
  const out = new Float32Array(sample.length).fill(values[0] ?? 0)
  if (!geometry || values.length === 1) return out
  for (let c = 0; c < geometry.channels; c++) {
    for (let pixel = 0; pixel < geometry.width * geometry.height; pixel++)
      out[geometry.at(c, pixel)] = values[c] ?? 0
  }
  return out
}
