import { float, int, ints, string } from '../../../../src/engine/onnx/attributes'
import { SmallNetwork } from './smallNetwork'

export interface Example {
  readonly name: string
  readonly sampleShape: readonly number[]
  readonly bytes: Uint8Array
}

/** Stride 2, uneven padding, dilation; LeakyRelu; average pooling with ceil_mode and padding. */
function oddPooling(): Example {
  const sampleShape = [2, 9, 8]
  const net = new SmallNetwork(sampleShape)
  let x = net.node(
    'Conv',
    ['input', net.weights('w', [3, 2, 3, 2], 0.5), net.weights('b', [3], 0.3)],
    {
      strides: ints([2, 1]),
      dilations: ints([1, 2]),
      pads: ints([0, 1, 2, 1]),
    },
  )
  x = net.node('LeakyRelu', [x], { alpha: float(0.2) })
  x = net.node('AveragePool', [x], {
    kernel_shape: ints([3, 2]),
    strides: ints([2, 2]),
    pads: ints([1, 0, 0, 0]),
    ceil_mode: int(1),
  })
  x = net.node('Flatten', [x])
  const features = 3 * 3 * 4
  x = net.node('Gemm', [x, net.weights('v', [features, 4], 0.3), net.weights('c', [4], 0.3)])
  return { name: 'odd average pooling', sampleShape, bytes: net.finish(x) }
}

/** Depthwise convolution, Tanh, overlapping max pooling, channels last, MatMul with a bias Add. */
function channelsLast(): Example {
  const sampleShape = [4, 8, 8]
  const net = new SmallNetwork(sampleShape)
  let x = net.node(
    'Conv',
    ['input', net.weights('w', [4, 1, 3, 3], 0.6), net.weights('b', [4], 0.2)],
    {
      group: int(4),
      auto_pad: string('SAME_UPPER'),
    },
  )
  x = net.node('Tanh', [x])
  x = net.node('MaxPool', [x], {
    kernel_shape: ints([3, 3]),
    strides: ints([2, 2]),
    pads: ints([1, 1, 1, 1]),
    ceil_mode: int(1),
  })
  x = net.node('Transpose', [x], { perm: ints([0, 2, 3, 1]) })
  x = net.node('Reshape', [x, net.integers('shape', [0, -1])])
  x = net.node('MatMul', [x, net.weights('v', [4 * 5 * 5, 3], 0.2)])
  x = net.node('Add', [x, net.weights('c', [3], 0.2)])
  return { name: 'channels last', sampleShape, bytes: net.finish(x) }
}

/** Preprocessing in the graph, BatchNormalization, Clip, two branches, Concat, a final Softmax. */
function branches(): Example {
  const sampleShape = [3, 6, 6]
  const net = new SmallNetwork(sampleShape)
  let x = net.node('Sub', ['input', net.floats('mean', [1, 3, 1, 1], [0.1, -0.2, 0.3])])
  x = net.node('Div', [x, net.floats('std', [1, 3, 1, 1], [0.5, 0.8, 1.2])])
  x = net.node('Conv', [x, net.weights('w', [4, 3, 3, 3], 0.4)], { pads: ints([1, 1, 1, 1]) })
  x = net.node(
    'BatchNormalization',
    [
      x,
      net.floats('scale', [4], [1, 0.5, -0.7, 2]),
      net.floats('shift', [4], [0.1, 0.4, 0, -0.2]),
      net.floats('running mean', [4], [0.2, -0.1, 0, 0.3]),
      net.floats('running var', [4], [1, 0.5, 2, 0.7]),
    ],
    { epsilon: float(1e-3) },
  )
  x = net.node('Clip', [x, net.floats('low', [], [0]), net.floats('high', [], [0.9])])
  const left = net.node('Conv', [x, net.weights('l', [2, 4, 1, 1]), net.weights('lb', [2], 0.2)])
  const right = net.node('Sigmoid', [
    net.node('Conv', [x, net.weights('r', [3, 4, 3, 3], 0.3)], { pads: ints([1, 1, 1, 1]) }),
  ])
  x = net.node('Concat', [left, right], { axis: int(1) })
  x = net.node('GlobalAveragePool', [x])
  x = net.node('Squeeze', [x, net.integers('axes', [2, 3])])
  x = net.node('Dropout', [x])
  x = net.node('Gemm', [x, net.weights('v', [3, 5]), net.weights('c', [3], 0.2)], {
    transB: int(1),
  })
  x = net.node('Softmax', [x], { axis: int(1) })
  return { name: 'branches', sampleShape, bytes: net.finish(x) }
}

/** Residual Add and Sum, a BatchNormalization that cannot be folded, non-overlapping max pooling, ReduceMean. */
function residual(): Example {
  const sampleShape = [2, 8, 8]
  const net = new SmallNetwork(sampleShape)
  const conv = (x: string, from: number, to: number): string =>
    net.node(
      'Conv',
      [x, net.weights(`w${x}`, [to, from, 3, 3], 0.4), net.weights(`b${x}`, [to], 0.2)],
      {
        pads: ints([1, 1, 1, 1]),
      },
    )
  const first = net.node('Relu', [conv('input', 2, 4)])
  const second = net.node('Add', [conv(first, 4, 4), first])
  const normalised = net.node(
    'BatchNormalization',
    [
      second,
      net.floats('scale', [4], [1, -0.5, 0.7, 2]),
      net.floats('shift', [4], [0.1, 0.4, 0, -0.2]),
      net.floats('mean', [4], [0.2, -0.1, 0, 0.3]),
      net.floats('var', [4], [1, 0.5, 2, 0.7]),
    ],
    { epsilon: float(1e-3) },
  )
  const third = net.node('Relu', [conv(net.node('Relu', [normalised]), 4, 4)])
  const sum = net.node('Sum', [third, first, second])
  const pooled = net.node('MaxPool', [sum], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) })
  const padded = net.node('Pad', [pooled, net.integers('pads', [0, 0, 1, 0, 0, 0, 0, 2])])
  const last = net.node('Relu', [conv(padded, 4, 3)])
  const mean = net.node('ReduceMean', [last], { axes: ints([2, 3]), keepdims: int(0) })
  const logits = net.node('Gemm', [mean, net.weights('v', [3, 4]), net.weights('c', [4], 0.2)], {
    alpha: float(0.7),
    beta: float(1.5),
  })
  return { name: 'residual', sampleShape, bytes: net.finish(logits) }
}

/** Operator set 9: bounds, axes and pads as attributes; constants made by ConstantOfShape and Cast. */
function oldOpset(): Example {
  const sampleShape = [1, 6, 6]
  const net = new SmallNetwork(sampleShape, 9)
  const ones = net.node('ConstantOfShape', [net.integers('ws', [2, 1, 3, 3])], {
    value: {
      kind: 'tensor',
      value: {
        name: '',
        dims: [1],
        dataType: 1,
        raw: new Uint8Array(Float32Array.of(0.25).buffer),
      },
    },
  })
  let x = net.node('Pad', ['input'], {
    pads: ints([0, 0, 1, 1, 0, 0, 1, 1]),
    mode: string('constant'),
  })
  x = net.node('Conv', [x, ones, net.weights('b', [2], 0.3)])
  x = net.node('Clip', [x], { min: float(0), max: float(6) })
  x = net.node('AveragePool', [x], {
    kernel_shape: ints([3, 3]),
    strides: ints([2, 2]),
    pads: ints([1, 1, 1, 1]),
    count_include_pad: int(1),
  })
  x = net.node('Dropout', [x])
  const shape = net.node('Shape', [x])
  const batch = net.node('Gather', [shape, net.integers('zero', [0])], { axis: int(0) })
  const target = net.node('Concat', [batch, net.integers('rest', [-1])], { axis: int(0) })
  x = net.node('Reshape', [x, target])
  x = net.node('Gemm', [x, net.weights('v', [2 * 3 * 3, 3], 0.5), net.weights('c', [3], 0.2)])
  return { name: 'operator set 9', sampleShape, bytes: net.finish(x) }
}

export const examples: readonly Example[] = [
  oddPooling(),
  channelsLast(),
  branches(),
  residual(),
  oldOpset(),
]
