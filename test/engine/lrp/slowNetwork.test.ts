import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../src/engine/onnx/attributes'
import type { Attribute } from '../../../src/engine/onnx/model'
import { createExplainer, summariseLedger } from '../../../src/engine/lrp/explainer'
import { relativeL2 } from '../../support/npy'
import { examples, type Example } from './support/networks'
import { explainSlowly } from './support/slowNetwork'
import type { RuleMethod } from './support/slowRules'
import { noise, SmallNetwork } from './support/smallNetwork'

/**
 * Whole networks against their twin in double precision, by every composite. The twin reads the file
 * as it is; folding, other operator sets, carriers and shortcuts behind a ReLU are the compiler's alone.
 */
const methods: readonly RuleMethod[] = [
  'zero',
  'epsilon',
  'epsilon-plus',
  'epsilon-plus-flat',
  'epsilon-alpha2-beta1',
  'epsilon-alpha2-beta1-flat',
  'epsilon-gamma-box',
  'excitation-backprop',
]

function network(
  name: string,
  sampleShape: readonly number[],
  make: (net: SmallNetwork) => string,
  opset = 17,
): Example {
  const net = new SmallNetwork(sampleShape, opset)
  return { name, sampleShape, bytes: net.finish(make(net)) }
}

const conv = (net: SmallNetwork, x: string, name: string, dims: readonly number[], a = {}) =>
  net.node(
    'Conv',
    [x, net.weights(name, dims, 0.5), net.weights(`${name}b`, [dims[0] ?? 1], 0.2)],
    a,
  )

const head = (net: SmallNetwork, x: string, features: number) =>
  net.node('Gemm', [
    net.node('Flatten', [x]),
    net.weights('head', [features, 3], 0.4),
    net.weights('headb', [3], 0.2),
  ])

/** Three channels of 5×5, something done to the pixels, a convolution, ReLU, dense. */
const preprocessed = (name: string, before: (net: SmallNetwork) => string, features = 36) =>
  network(name, [3, 5, 5], (net) =>
    head(net, net.node('Relu', [conv(net, before(net), 'w', [4, 3, 3, 3])]), features),
  )

const channels = (net: SmallNetwork, name = 'k') => net.floats(name, [1, 3, 1, 1], [0.3, -0.2, 1.1])

const batchNorm = (net: SmallNetwork, x: string, count: number, name: string) =>
  net.node('BatchNormalization', [
    x,
    net.weights(`${name}s`, [count]),
    net.weights(`${name}b`, [count]),
    net.weights(`${name}m`, [count]),
    net.floats(`${name}v`, [count], noise(3, count).map((value) => 1 + value / 2)), // prettier-ignore
  ])

const preprocessing = [
  ...['Add', 'Sub', 'Mul', 'Div'].map((operator) =>
    preprocessed(`${operator} before the first layer`, (net) =>
      net.node(operator, ['input', channels(net)]),
    ),
  ),
  preprocessed('normalised, then padded', (net) => {
    const x = net.node('Div', ['input', channels(net)])
    return net.node('Pad', [x, net.integers('pads', [0, 0, 1, 1, 0, 0, 1, 1])])
  }, 100), // prettier-ignore
  preprocessed('BatchNormalization before the first layer', (net) =>
    batchNorm(net, 'input', 3, 'bn'),
  ),
  network('channels last, normalised behind the Transpose', [5, 5, 3], (net) => {
    let x = net.node('Transpose', ['input'], { perm: ints([0, 3, 1, 2]) })
    x = net.node('Add', [x, channels(net)])
    x = net.node('Mul', [x, channels(net, 'k2')])
    x = net.node('Sub', [x, channels(net, 'k3')])
    return head(net, net.node('Relu', [conv(net, x, 'w', [4, 3, 3, 3])]), 36)
  }),
  network('channels last, normalised before the Transpose', [5, 5, 3], (net) => {
    let x = net.node('Div', ['input', net.floats('k', [3], [2, -1, 0.5])])
    x = net.node('Transpose', [x], { perm: ints([0, 3, 1, 2]) })
    return head(net, net.node('Relu', [conv(net, x, 'w', [4, 3, 3, 3])]), 36)
  }),
]

const structure = [
  network('a constant in a Concat', [1, 4, 4], (net) => {
    const x = net.node('Relu', [
      conv(net, 'input', 'w', [2, 1, 3, 3], { pads: ints([1, 1, 1, 1]) }),
    ])
    const wide = net.node('Concat', [x, net.weights('k', [1, 1, 4, 4])], { axis: int(-3) })
    return head(net, net.node('Relu', [conv(net, wide, 'w2', [2, 3, 2, 2])]), 18)
  }),
  network('x + x, and a sum that has x twice', [1, 4, 4], (net) => {
    const x = conv(net, 'input', 'w', [4, 1, 3, 3])
    const twice = net.node('Add', [x, x])
    const sum = net.node('Sum', [twice, twice, net.node('Relu', [x])])
    return head(net, net.node('Relu', [sum]), 16)
  }),
  network('constants behind a ReLU', [1, 4, 4], (net) => {
    const x = net.node('Relu', [conv(net, 'input', 'w', [4, 1, 3, 3])])
    const shifted = net.node('Add', [net.weights('k', [4, 1, 1]), x])
    return head(net, net.node('Relu', [conv(net, shifted, 'w2', [4, 4, 1, 1])]), 16)
  }),
  network('a constant per column is no bias per channel', [1, 6, 6], (net) => {
    const x = conv(net, 'input', 'w', [4, 1, 3, 3])
    return head(net, net.node('Relu', [net.node('Add', [x, net.weights('k', [4])])]), 64)
  }),
  ...[
    ['no lower bound', null, 0.3],
    ['a lower bound below zero', -0.2, 0.3],
    ['a lower bound above zero', 0.2, 0.9],
  ].map(([name, low, high]) =>
    network(`Clip with ${name}`, [1, 4, 4], (net) => {
      const bounds = [low, high].map((value) =>
        typeof value === 'number' ? net.floats(`at ${value}`, [], [value]) : '',
      )
      const x = net.node('Clip', [conv(net, 'input', 'w', [4, 1, 3, 3]), ...bounds])
      return head(net, net.node('Relu', [conv(net, x, 'w2', [4, 4, 1, 1])]), 16)
    }),
  ),
  network('one weight tensor in three layers, folded into two', [2, 5, 5], (net) => {
    const w = net.weights('w', [2, 2, 3, 3])
    const layer = (x: string) => net.node('Conv', [x, w], { pads: ints([1, 1, 1, 1]) })
    const first = net.node('Relu', [batchNorm(net, layer('input'), 2, 'p')])
    const second = net.node('Relu', [layer(first)])
    return head(net, net.node('Relu', [batchNorm(net, layer(second), 2, 'q')]), 50)
  }),
  network('a BatchNormalization behind a sum', [2, 5, 5], (net) => {
    const sum = net.node('Add', [
      conv(net, 'input', 'l', [4, 2, 3, 3]),
      conv(net, 'input', 'r', [4, 2, 3, 3]),
    ])
    return head(net, net.node('Relu', [batchNorm(net, sum, 4, 'bn')]), 36)
  }),
  network('one dimension', [2, 12], (net) => {
    let x = net.node('Relu', [conv(net, 'input', 'w', [4, 2, 3], { strides: ints([2]) })])
    x = net.node('MaxPool', [conv(net, x, 'w2', [4, 4, 2])], { kernel_shape: ints([2]), strides: ints([2]) }) // prettier-ignore
    x = net.node('AveragePool', [x], { kernel_shape: ints([2]), strides: ints([2]) })
    return head(net, x, 4)
  }),
  network('three dimensions', [1, 6, 6, 6], (net) => {
    const strided = { strides: ints([1, 2, 1]), pads: ints([1, 0, 1, 1, 1, 0]) }
    let x = net.node('Relu', [conv(net, 'input', 'w', [2, 1, 3, 3, 2], strided)])
    x = net.node('MaxPool', [conv(net, x, 'w2', [3, 2, 2, 2, 2])], {
      kernel_shape: ints([2, 2, 2]),
    })
    x = net.node('AveragePool', [x], { kernel_shape: ints([2, 1, 2]), strides: ints([2, 1, 2]) })
    return head(net, net.node('GlobalAveragePool', [x]), 3)
  }),
  network('groups, stride and padding by name', [2, 10, 9], (net) => {
    const a = { auto_pad: string('SAME_LOWER'), strides: ints([3, 2]), group: int(2) }
    const x = net.node('Relu', [conv(net, 'input', 'w', [4, 1, 3, 2], a)])
    return head(net, net.node('GlobalAveragePool', [x]), 4)
  }),
  network('a single logit as 1×1 map behind a Sigmoid', [1, 4, 4], (net) => {
    const x = net.node('Relu', [conv(net, 'input', 'w', [4, 1, 3, 3])])
    const one = net.node('GlobalAveragePool', [conv(net, x, 'w2', [1, 4, 1, 1])])
    return net.node('Sigmoid', [one])
  }),
  network('logits without a batch dimension', [1, 4, 4], (net) => {
    const x = net.node('Relu', [conv(net, 'input', 'w', [4, 1, 3, 3])])
    const flat = net.node('Reshape', [head(net, x, 16), net.integers('shape', [-1])])
    return net.node('Softmax', [flat], { axis: int(0) })
  }),
  network(
    'operator set 18: axes as inputs',
    [3, 5, 5],
    (net) => {
      const x = net.node('Relu', [conv(net, 'input', 'w', [4, 3, 3, 3])])
      const pads = [net.integers('pads', [1, 0, 0, 2]), '', net.integers('axes', [-1, 2])]
      const wide = conv(net, net.node('Pad', [x, ...pads]), 'w2', [4, 4, 2, 2])
      const mean = net.node('ReduceMean', [wide, net.integers('over', [-1, 2])], {
        keepdims: int(0),
        noop_with_empty_axes: int(0),
      })
      return head(net, mean, 4)
    },
    18,
  ),
]

/** Max and average pooling with every way to state their borders, in old and new operator sets. */
const pooling = [10, 13, 19, 22].flatMap((opset) =>
  (['MaxPool', 'AveragePool'] as const).flatMap((operator) => {
    const counted: Record<string, Attribute> =
      operator === 'AveragePool' ? { count_include_pad: int(1) } : {}
    const both = { kernel_shape: ints([3, 3]), strides: ints([2, 2]), ceil_mode: int(1) }
    const ways: readonly (readonly [string, Record<string, Attribute>, number])[] = [
      ['rounded up', both, 16],
      ['padded and rounded up', { ...both, pads: ints([1, 1, 1, 1]), ...counted }, 25],
      ['SAME_LOWER', { kernel_shape: ints([3, 2]), strides: ints([2, 2]), auto_pad: string('SAME_LOWER') }, 16],
      ['VALID', { kernel_shape: ints([3, 3]), strides: ints([2, 2]), auto_pad: string('VALID') }, 9],
    ] // prettier-ignore
    return ways.map(([name, attributes, size]) =>
      network(
        `${operator} ${name}, operator set ${opset}`,
        [1, 8, 8],
        (net) => {
          const x = net.node('Relu', [conv(net, 'input', 'w', [2, 1, 3, 3], { pads: ints([1, 1, 1, 1]) })]) // prettier-ignore
          return head(net, net.node(operator, [x], attributes), 2 * size)
        },
        opset,
      ),
    )
  }),
)

// The twin has no interpreter for constants that the graph computes.
const known = examples.filter(({ name }) => name !== 'operator set 9')

describe.each(
  [...known, ...preprocessing, ...structure, ...pooling].map((e) => [e.name, e] as const),
)('%s', (_, { sampleShape, bytes }) => {
  test.each(methods)('%s', async (method) => {
    const size = sampleShape.reduce((product, length) => product * length, 1)
    const input = noise(7, size)
    const explainer = await createExplainer(bytes, {
      method,
      parameters: method === 'epsilon-gamma-box' ? { low: -1, high: 1 } : {},
      start: 'logit',
      batch: 1,
    })
    const mask = new Float32Array(explainer.classCount)
    mask[explainer.classCount > 1 ? 1 : 0] = 1
    if (explainer.classCount > 2) mask[2] = -1
    const ours = await explainer.run(input, mask)
    await explainer.release()
    const twin = explainSlowly(
      bytes,
      { shape: [1, ...sampleShape], data: [...input] },
      { method, mask: [...mask], low: -1, high: 1 },
    )
    expect(relativeL2(ours.logits, twin.logits)).toBeLessThan(1e-5)
    expect(relativeL2(ours.relevance, twin.relevance)).toBeLessThan(1e-4)
    const { balanced, entries } = summariseLedger(ours.ledger ?? [])
    expect(balanced).toBe(true)
    // Nothing gets lost between the layers either.
    const kept = entries.reduce((sum, e) => sum + e.bias + e.stabiliser + e.unexplained + e.residual, 0) // prettier-ignore
    const arrived = ours.relevance.reduce((sum, value) => sum + value, 0)
    const scale = Math.max(1e-3, ...entries.map((entry) => Math.abs(entry.relevanceOut)))
    expect(Math.abs((ours.startRelevance[0] ?? NaN) - arrived - kept) / scale).toBeLessThan(1e-4)
  })
})
