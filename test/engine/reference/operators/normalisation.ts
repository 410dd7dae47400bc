import { floatOf, intOf, intsOf } from '../../../../src/engine/onnx/attributes'
import { axisFrom, inputOf, optionalOf, type Operator, type Operators } from '../call'
import { broadcastTo, ndArray, sizeOf, stridesOf, zip, type NdArray } from '../ndArray'
import { gathered } from './reduction'

/** The channel (axis 1) of an element. */
function channelOf(dims: readonly number[]): (index: number) => number {
  const stride = stridesOf(dims)[1] ?? 1
  return (index) => Math.floor(index / stride) % (dims[1] ?? 1)
}

function numbers(x: NdArray | null, at: number, otherwise: number): number {
  return x ? (x.data[at] ?? Number.NaN) : otherwise
}

/** y = (x − mean) / √(var + ε) · scale + b, by the stated mean and variance of each channel. */
const batchNormalization: Operator = (call) => {
  const x = inputOf(call)
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((at) => inputOf(call, at))
  if (!scale || !shift || !mean || !variance) throw new Error('five inputs')
  if (intOf(call.node, 'training_mode', 0) === 1) throw new Error('training mode')
  const epsilon = floatOf(call.node, 'epsilon', 1e-5)
  const channel = channelOf(x.dims)
  const data = x.data.map((value, at) => {
    const c = channel(at)
    const of = (array: NdArray): number => array.data[c] ?? Number.NaN
    return ((value - of(mean)) / Math.sqrt(of(variance) + epsilon)) * of(scale) + of(shift)
  })
  return ndArray(x.dims, data)
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

function momentsOf(values: Float64Array): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}

/** (x − mean) / √(variance + ε) over some axes. */
function standardised(x: NdArray, axes: ReadonlySet<number>, epsilon: number): NdArray {
  const { rows, rowOf } = gathered(x, axes)
  const moments = rows.map(momentsOf)
  const data = x.data.map((value, at) => {
    const { mean, variance } = moments[rowOf[at] ?? 0] ?? { mean: NaN, variance: NaN }
    return (value - mean) / Math.sqrt(variance + epsilon)
  })
  return ndArray(x.dims, data)
}

/** One number of `scale` and `shift` for each channel, or for each group of them. */
function scaledByChannel(x: NdArray, scale: NdArray, shift: NdArray): NdArray {
  const channel = channelOf(x.dims)
  const each = (x.dims[1] ?? 1) / scale.data.length
  const data = x.data.map((value, at) => {
    const c = Math.floor(channel(at) / each)
    return value * numbers(scale, c, 1) + numbers(shift, c, 0)
  })
  return ndArray(x.dims, data)
}

const instanceNormalization: Operator = (call) => {
  const x = inputOf(call)
  const axes = new Set([...x.dims.keys()].slice(2))
  const plain = standardised(x, axes, floatOf(call.node, 'epsilon', 1e-5))
  return scaledByChannel(plain, inputOf(call, 1), inputOf(call, 2))
}

/** Scale and shift are one number per group in operator set 18, per channel from 21 on. */
const groupNormalization: Operator = (call) => {
  const x = inputOf(call)
  const groups = intOf(call.node, 'num_groups', 1)
  const rows = ndArray([x.dims[0] ?? 1, groups, x.data.length / groups / (x.dims[0] ?? 1)], x.data)
  const plain = standardised(rows, new Set([2]), floatOf(call.node, 'epsilon', 1e-5))
  return scaledByChannel(ndArray(x.dims, plain.data), inputOf(call, 1), inputOf(call, 2))
}

function axesFrom(first: number, rank: number): Set<number> {
  return new Set(Array.from({ length: rank - first }, (_, at) => first + at))
}

/** Also the mean and 1/√(variance + ε). */
const layerNormalization: Operator = (call) => {
  const x = inputOf(call)
  const axes = axesFrom(axisFrom(call, x.dims.length, -1), x.dims.length)
  const epsilon = floatOf(call.node, 'epsilon', 1e-5)
  const plain = standardised(x, axes, epsilon)
  const scaled = zip(plain, inputOf(call, 1), (value, scale) => value * scale)
  const shift = optionalOf(call, 2)
  const { kept, rows } = gathered(x, axes)
  const moments = rows.map(momentsOf)
  const each = (f: (of: Moments) => number): NdArray => ndArray(kept, Float64Array.from(moments, f))
  return [
    shift ? zip(scaled, shift, (value, b) => value + b) : scaled,
    each(({ mean }) => mean),
    each(({ variance }) => 1 / Math.sqrt(variance + epsilon)),
  ]
}

/** x / √(mean of x² + ε) · scale */
const rmsNormalization: Operator = (call) => {
  const x = inputOf(call)
  const axes = axesFrom(axisFrom(call, x.dims.length, -1), x.dims.length)
  const epsilon = floatOf(call.node, 'epsilon', 1e-5)
  const { rows, rowOf } = gathered(x, axes)
  const squares = rows.map((row) => row.reduce((sum, value) => sum + value ** 2, 0) / row.length)
  const scale = broadcastTo(inputOf(call, 1), x.dims)
  const data = x.data.map(
    (value, at) =>
      (value / Math.sqrt((squares[rowOf[at] ?? 0] ?? Number.NaN) + epsilon)) *
      (scale.data[at] ?? Number.NaN),
  )
  return ndArray(x.dims, data)
}

/** (x − mean) / (deviation + 1e-9), the function that the standard defines it by. */
const meanVarianceNormalization: Operator = (call) => {
  const x = inputOf(call)
  const axes = new Set(intsOf(call.node, 'axes') ?? [0, 2, 3])
  const { rows, rowOf } = gathered(x, axes)
  const moments = rows.map(momentsOf)
  const data = x.data.map((value, at) => {
    const { mean, variance } = moments[rowOf[at] ?? 0] ?? { mean: NaN, variance: NaN }
    return (value - mean) / (Math.sqrt(variance) + 1e-9)
  })
  return ndArray(x.dims, data)
}

/** y[c] = x[c] / (bias + α/size Σ x²)^β, the sum over `size` channels around c. */
const localResponseNormalization: Operator = (call) => {
  const x = inputOf(call)
  const [batch = 1, channels = 1, ...inputSize] = x.dims
  const size = intOf(call.node, 'size', 1)
  const alpha = floatOf(call.node, 'alpha', 1e-4)
  const beta = floatOf(call.node, 'beta', 0.75)
  const bias = floatOf(call.node, 'bias', 1)
  const pixels = sizeOf(inputSize)
  const data = new Float64Array(x.data.length)
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const from = Math.max(0, c - Math.floor((size - 1) / 2))
      const to = Math.min(channels - 1, c + Math.ceil((size - 1) / 2))
      for (let p = 0; p < pixels; p++) {
        const at = (channel: number): number => (n * channels + channel) * pixels + p
        let squares = 0
        for (let other = from; other <= to; other++) squares += (x.data[at(other)] ?? NaN) ** 2
        data[at(c)] = (x.data[at(c)] ?? NaN) / (bias + (alpha / size) * squares) ** beta
      }
    }
  }
  return ndArray(x.dims, data)
}

export const normalisations: Operators = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
  LRN: localResponseNormalization,
}
