import { float, int, ints } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { noise, SmallNetwork } from '../support/smallNetwork'

export type Write = (net: SmallNetwork, x: string) => string

export const [channels, height, width] = [4, 2, 3]
export const size = channels * height * width
export const scale = noise(21, channels).map((value) => 1 + value / 2)
export const shift = noise(22, channels)
export const epsilon = 1e-3

/** A convolution of 2 × 2 × 3 pixels to 4 channels, a normalisation, a dense layer. */
export function network(make: Write, opset = 17): Uint8Array {
  const net = new SmallNetwork([2, height, width], opset)
  const conv = [
    net.floats('w', [channels, 2, 1, 1], noise(1, 2 * channels)),
    net.floats('b', [channels], noise(2, channels)),
  ]
  const y = make(net, net.node('Conv', ['input', ...conv]))
  const flat = net.node('Reshape', [y, net.integers('flat', [-1, size])])
  const head = net.floats('v', [size, 2], noise(3, 2 * size))
  return net.finish(net.node('Gemm', [flat, head, net.floats('c', [2], [0.2, -0.1])]))
}

export const input = noise(4, 2 * height * width)

export const vector = (
  net: SmallNetwork,
  name: 'scale' | 'shift',
  dims: readonly number[],
): string => net.floats(`${name} ${dims.join(',')}`, dims, name === 'scale' ? scale : shift)
export const number = (net: SmallNetwork, value: number): string => net.floats(`number ${value}`, [], [value]) // prettier-ignore
export const mean = (net: SmallNetwork, x: string, axes: readonly number[]): string =>
  net.node('ReduceMean', [x], { axes: ints(axes), keepdims: int(1) })
export const channelsLast: Write = (net, x) =>
  net.node('Transpose', [x], { perm: ints([0, 2, 3, 1]) })
export const channelsFirst: Write = (net, x) =>
  net.node('Transpose', [x], { perm: ints([0, 3, 1, 2]) })
/** A function of channels-last numbers. */
export const onLast =
  (make: Write): Write =>
  (net, x) =>
    channelsFirst(net, make(net, channelsLast(net, x)))

/** Scale and shift of [C, 1, 1] behind what is normalised. */
export const affine =
  (make: Write, dims: readonly number[] = [channels, 1, 1]): Write =>
  (net, x) => {
    const scaled = net.node('Mul', [make(net, x), vector(net, 'scale', dims)])
    return net.node('Add', [scaled, vector(net, 'shift', dims)])
  }

/** PyTorch: (x − mean) / √(mean((x − mean)²) + ε). */
export const decomposed =
  (axes: readonly number[]): Write =>
  (net, x) => {
    const centred = net.node('Sub', [x, mean(net, x, axes)])
    const variance = mean(net, net.node('Pow', [centred, number(net, 2)]), axes)
    const root = net.node('Sqrt', [net.node('Add', [variance, number(net, epsilon)])])
    return net.node('Div', [centred, root])
  }

/** ConvNeXt's own code: x − mean is computed a second time for the quotient. */
export const decomposedTwice: Write = (net, x) => {
  const average = mean(net, x, [1])
  const centred = (): string => net.node('Sub', [x, average])
  const variance = mean(net, net.node('Pow', [centred(), number(net, 2)]), [1])
  const root = net.node('Sqrt', [net.node('Add', [variance, number(net, epsilon)])])
  const normal = net.node('Div', [centred(), root])
  const scaled = net.node('Mul', [vector(net, 'scale', [channels, 1, 1]), normal])
  return net.node('Add', [scaled, vector(net, 'shift', [channels, 1, 1])])
}

/** TensorFlow: x · inv + (β − mean · inv) with inv = γ / √(variance + ε). */
export const byInverse: Write = (net, x) => {
  const average = mean(net, x, [-1])
  const centred = net.node('Sub', [x, average])
  const variance = mean(net, net.node('Mul', [centred, centred]), [-1])
  const root = net.node('Sqrt', [net.node('Add', [variance, number(net, epsilon)])])
  const inverse = net.node('Mul', [
    net.node('Reciprocal', [root]),
    vector(net, 'scale', [channels]),
  ])
  const rest = net.node('Sub', [
    vector(net, 'shift', [channels]),
    net.node('Mul', [average, inverse]),
  ])
  return net.node('Add', [net.node('Mul', [x, inverse]), rest])
}

/** The variance as the mean of squares minus the square of the mean. */
export const bySquares: Write = (net, x) => {
  const average = mean(net, x, [-1])
  const squares = mean(net, net.node('Mul', [x, x]), [-1])
  const variance = net.node('Sub', [squares, net.node('Mul', [average, average])])
  const root = net.node('Sqrt', [net.node('Add', [variance, number(net, epsilon)])])
  const normal = net.node('Div', [net.node('Sub', [x, average]), root])
  const scaled = net.node('Mul', [normal, vector(net, 'scale', [channels])])
  return net.node('Add', [scaled, vector(net, 'shift', [channels])])
}

export const fusedLayer: Write = (net, x) =>
  net.node(
    'LayerNormalization',
    [x, vector(net, 'scale', [channels]), vector(net, 'shift', [channels])],
    { axis: int(-1), epsilon: float(epsilon) },
  )

export const fusedInstance: Write = (net, x) =>
  net.node(
    'InstanceNormalization',
    [x, vector(net, 'scale', [channels]), vector(net, 'shift', [channels])],
    { epsilon: float(epsilon) },
  )

/** PyTorch's group normalisation: instances of the reshaped groups. */
export const byInstances =
  (behind: Write): Write =>
  (net, x) => {
    const groups = net.node('Reshape', [x, net.integers('groups', [0, 2, -1])])
    const one = net.floats('ones', [2], [1, 1])
    const zero = net.floats('zeros', [2], [0, 0])
    const normal = net.node('InstanceNormalization', [groups, one, zero], {
      epsilon: float(epsilon),
    })
    const back = net.node('Reshape', [normal, net.integers('back', [-1, channels, height, width])])
    return behind(net, back)
  }

export const fusedGroups: Write = (net, x) =>
  net.node(
    'GroupNormalization',
    [x, vector(net, 'scale', [channels]), vector(net, 'shift', [channels])],
    { num_groups: int(2), epsilon: float(epsilon) },
  )

/**
 * Keras' layer normalisation by tf2onnx: a BatchNormalization with all tokens of all samples as its channels, whose
 * mean and variance the graph computes.
 */
export const byBatchNormalization =
  (variance: 'sum over count' | 'mean of squares'): Write =>
  (net, x) => {
    const int64 = { to: int(DataType.int64) }
    const shape = net.node('Shape', [x])
    const tokens = net.node('ReduceProd', [net.node('Slice', [shape, net.integers('0', [0]), net.integers('-1', [-1])])]) // prettier-ignore
    const all = net.node('Concat', [net.integers('1', [1]), net.node('Cast', [tokens], int64), net.integers('rest', [channels, 1])], { axis: int(0) }) // prettier-ignore
    const rows = net.node('Reshape', [x, all])
    const axes = [0, 2, 3]
    const average = mean(net, rows, axes)
    const centred = net.node('Sub', [rows, average])
    const sizes = net.node('Gather', [net.node('Shape', [rows]), net.integers('axes', axes)])
    const count = net.node('Cast', [net.node('ReduceProd', [sizes], { keepdims: int(0) })], { to: int(DataType.float) }) // prettier-ignore
    const flat = { axes: ints(axes), keepdims: int(0) }
    const squares =
      variance === 'sum over count'
        ? net.node('Div', [net.node('ReduceSumSquare', [centred], flat), count])
        : net.node('ReduceMean', [net.node('Mul', [centred, centred])], flat)
    const fill = (value: number): string => net.node('Expand', [net.floats(`all ${value}`, [1], [value]), tokens]) // prettier-ignore
    const normal = net.node(
      'BatchNormalization',
      [rows, fill(1), fill(0), net.node('Squeeze', [average, net.integers('axes', axes)]), squares],
      { epsilon: float(epsilon) },
    )
    return net.node('Reshape', [normal, shape])
  }

/** By the means of the reshaped groups, scale and shift inside (Keras) . */
export const byGroups: Write = (net, x) => {
  const groups = net.node('Reshape', [
    x,
    net.integers('groups', [-1, 2, channels / 2, height, width]),
  ])
  const y = affine(decomposed([2, 3, 4]), [1, 2, channels / 2, 1, 1])(net, groups)
  return net.node('Reshape', [y, net.integers('back', [-1, channels, height, width])])
}

export const fusedRms: Write = (net, x) =>
  net.node('RMSNormalization', [x, vector(net, 'scale', [channels])], { epsilon: float(epsilon) })

export const rootMeanSquare =
  (end: (net: SmallNetwork, x: string, root: string) => string): Write =>
  (net, x) => {
    const square = mean(net, net.node('Pow', [x, number(net, 2)]), [-1])
    const root = net.node('Sqrt', [net.node('Add', [square, number(net, epsilon)])])
    return net.node('Mul', [end(net, x, root), vector(net, 'scale', [channels])])
  }
