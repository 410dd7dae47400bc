import { describe, expect, test } from 'vitest'
import { float, int, ints } from '../../../../src/engine/onnx/attributes'
import { createClassifier, inspectGraph } from '../../../../src/engine/lrp/explainer'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'
import {
  type Write,
  channels,
  height,
  width,
  size,
  scale,
  shift,
  epsilon,
  network,
  input,
  vector,
  number,
  mean,
  onLast,
  affine,
  decomposed,
  decomposedTwice,
  byInverse,
  bySquares,
  fusedLayer,
  fusedInstance,
  byBatchNormalization,
  byInstances,
  fusedGroups,
  byGroups,
  fusedRms,
  rootMeanSquare,
} from './normalForms'

/** The first of each is what the others must agree with. */
const families: Record<string, Record<string, Uint8Array>> = {
  'layer normalisation': {
    fused: network(onLast(fusedLayer)),
    PyTorch: network(onLast(affine(decomposed([-1]), [channels]))),
    TensorFlow: network(onLast(byInverse)),
    'by squares': network(onLast(bySquares)),
    'channels first': network(affine(decomposed([1]))),
    'channels first, twice': network(decomposedTwice),
    'tf2onnx, of a fused one': network(
      onLast(affine(byBatchNormalization('sum over count'), [channels])),
    ),
    'tf2onnx, by the mean of squares': network(
      onLast(affine(byBatchNormalization('mean of squares'), [channels])),
    ),
    'the addends the other way round': network(
      onLast((net, x) => {
        const scaled = net.node('Mul', [vector(net, 'scale', [channels]), decomposed([-1])(net, x)])
        return net.node('Add', [vector(net, 'shift', [channels]), scaled])
      }),
    ),
  },
  'instance normalisation': {
    fused: network(fusedInstance),
    decomposed: network(affine(decomposed([2, 3]))),
    'with 1 and 0, then scale and shift': network(
      affine((net, x) =>
        net.node(
          'InstanceNormalization',
          [
            x,
            net.floats('ones', [channels], [1, 1, 1, 1]),
            net.floats('zeros', [channels], [0, 0, 0, 0]),
          ],
          { epsilon: float(epsilon) },
        ),
      ),
    ),
  },
  'group normalisation': {
    fused: network(fusedGroups, 21),
    'instances of groups': network(byInstances(affine((_, x) => x))),
    'means of groups': network(byGroups),
  },
  'group normalisation without scale and shift': {
    'instances of groups': network(byInstances((_, x) => x)),
    'means of groups': network((net, x) => {
      const shape = net.integers('groups', [-1, 2, channels / 2, height, width])
      const y = decomposed([2, 3, 4])(net, net.node('Reshape', [x, shape]))
      return net.node('Reshape', [y, net.integers('back', [-1, channels, height, width])])
    }),
  },
  'RMS normalisation': {
    fused: network(onLast(fusedRms), 23),
    quotient: network(onLast(rootMeanSquare((net, x, root) => net.node('Div', [x, root])))),
    reciprocal: network(
      onLast(
        rootMeanSquare((net, x, root) => net.node('Mul', [x, net.node('Reciprocal', [root])])),
      ),
    ),
    'one over': network(
      onLast(
        rootMeanSquare((net, x, root) =>
          net.node('Mul', [x, net.node('Div', [number(net, 1), root])]),
        ),
      ),
    ),
  },
  'unit length': {
    fused: network((net, x) => net.node('LpNormalization', [x], { axis: int(1), p: int(2) })),
    quotient: network((net, x) => {
      const squares = net.node('Mul', [mean(net, net.node('Mul', [x, x]), [1]), number(net, 4)])
      return net.node('Div', [x, net.node('Sqrt', [squares])])
    }),
    'PyTorch, expanded': network((net, x) => {
      const norm = net.node('ReduceL2', [x], { axes: ints([1]), keepdims: int(1) })
      const least = net.node('Clip', [norm, number(net, 1e-12), ''])
      const expanded = net.node('Expand', [least, net.node('Shape', [x])])
      return net.node('Div', [x, expanded])
    }),
  },
  'mean and variance': {
    fused: network((net, x) => net.node('MeanVarianceNormalization', [x], { axes: ints([2, 3]) })),
    decomposed: network((net, x) => {
      const centred = net.node('Sub', [x, mean(net, x, [2, 3])])
      const variance = mean(net, net.node('Mul', [centred, centred]), [2, 3])
      return net.node('Div', [centred, net.node('Sqrt', [variance])])
    }),
  },
}

const each = Object.entries(families).flatMap(([family, forms]) => {
  const [[, first] = ['', new Uint8Array()], ...others] = Object.entries(forms)
  return others.map(([form, bytes]) => [family, form, first, bytes] as const)
})

describe.each(each)('%s: %s', (_family, _form, first, bytes) => {
  test.each(['attn-lrp', 'epsilon', 'epsilon-plus', 'gradient'] as const)('%s', async (method) => {
    const [a, b] = [await explained(first, method, input), await explained(bytes, method, input)]
    expect(relativeL2(b.logits, a.logits)).toBeLessThan(1e-5)
    expect(relativeL2(b.relevance, a.relevance)).toBeLessThan(1e-4)
  })
})

describe.each(Object.entries(families))('%s', (_, forms) => {
  const [bytes = new Uint8Array()] = Object.values(forms)

  test('the gradient agrees with finite differences', async () => {
    const classifier = await createClassifier(bytes, 1)
    const { relevance } = await explained(bytes, 'gradient', input)
    const step = 1e-2
    const differences = await Promise.all(
      Array.from(input, async (value, at) => {
        const logit = async (x: number): Promise<number> =>
          (await classifier.run(input.with(at, x)))[1] ?? NaN
        return ((await logit(value + step)) - (await logit(value - step))) / (2 * step)
      }),
    )
    await classifier.release()
    expect(relativeL2(relevance, differences)).toBeLessThan(1e-2)
  })
})

/** In double precision, by the formula: R_i = x_i Σ_j γ_j (δ_ij − 1/n)/σ · R_j/y_j; β takes the rest. */
test('layer normalisation as an affine layer, the deviation held constant', async () => {
  const n = 4
  const net = new SmallNetwork([n])
  const y = fusedLayer(net, 'input')
  const weights = [0.5, -1, 2, 0.3]
  const bytes = net.finish(net.node('Gemm', [y, net.floats('v', [n, 1], weights)]))
  const x = [0.2, -1.1, 0.7, 1.4]
  const average = x.reduce((a, b) => a + b, 0) / n
  const variance = x.reduce((sum, value) => sum + (value - average) ** 2, 0) / n
  const deviation = Math.sqrt(variance + epsilon)
  const gamma = (j: number): number => scale[j] ?? NaN
  // R_j / y_j is the weight itself.
  const expected = x.map((value, i) => {
    const terms = weights.map((w, j) => (gamma(j) * ((i === j ? 1 : 0) - 1 / n) * w) / deviation)
    return value * terms.reduce((a, b) => a + b, 0)
  })
  const { relevance, entries } = await explained(bytes, 'attn-lrp', Float32Array.from(x), {
    mask: [1],
  })
  expect(relativeL2(relevance, expected)).toBeLessThan(1e-5)
  const row = entries.find(({ rule }) => rule === 'affine')
  const taken = weights.reduce((sum, w, j) => sum + w * (shift[j] ?? NaN), 0)
  expect(row?.bias).toBeCloseTo(taken, 5)
  expect(row?.unexplained).toBe(0)
})

describe('what stands behind a normalisation', () => {
  /** A shift per place, such as an embedding of positions, behind a normalisation that has its own. */
  const shiftedTwice = (make: Write): Uint8Array =>
    network((net, x) =>
      net.node('Add', [
        make(net, x),
        net.floats('positions', [channels, height, width], noise(9, size)),
      ]),
    )

  test('a second shift is no part of it, fused or not', async () => {
    const fused = await explained(shiftedTwice(fusedInstance), 'epsilon', input)
    const apart = await explained(shiftedTwice(affine(decomposed([2, 3]))), 'epsilon', input)
    expect(relativeL2(apart.relevance, fused.relevance)).toBeLessThan(1e-4)
    for (const { entries } of [fused, apart]) {
      expect(entries.filter(({ operator }) => operator === 'Add')).toHaveLength(1)
    }
  })
})

describe('a BatchNormalization by statistics of its own', () => {
  /** @param of what they are taken of. */
  const normalised = (axes: readonly number[], of: (net: SmallNetwork, x: string) => string) =>
    network((net, x) => {
      const average = mean(net, of(net, x), axes)
      const centred = net.node('Sub', [x, average])
      const square = net.node('ReduceMean', [net.node('Mul', [centred, centred])], {
        axes: ints(axes),
        keepdims: int(0),
      })
      const flat = net.node('Reshape', [average, net.integers('channels', [channels])])
      const variance = net.node('Reshape', [square, net.integers('channels', [channels])])
      const parameters = [vector(net, 'scale', [channels]), vector(net, 'shift', [channels])]
      return net.node('BatchNormalization', [x, ...parameters, flat, variance], {
        epsilon: float(epsilon),
      })
    })
  const itself: Write = (_, x) => x

  test('is an instance normalisation where the batch is one sample', async () => {
    const [ours, fused] = [
      await explained(normalised([0, 2, 3], itself), 'attn-lrp', input),
      await explained(network(fusedInstance), 'attn-lrp', input),
    ]
    expect(relativeL2(ours.relevance, fused.relevance)).toBeLessThan(1e-4)
  })

  test('is refused where the batch is more', async () => {
    const two = Float32Array.of(...input, ...input)
    const bytes = normalised([0, 2, 3], itself)
    await expect(explained(bytes, 'attn-lrp', two, { batch: 2 })).rejects.toThrow(
      '(BatchNormalization) normalises by what other numbers',
    )
  })

  test('is refused where they are another value’s', async () => {
    const bytes = normalised([0, 2, 3], (net, x) => net.node('Relu', [x]))
    await expect(explained(bytes, 'attn-lrp', input)).rejects.toThrow(
      '(BatchNormalization) cannot be explained: its parameters must be constant',
    )
  })

  test('what it is made of is covered', async () => {
    const bytes = network(onLast(affine(byBatchNormalization('sum over count'), [channels])))
    const { coverage } = await inspectGraph(bytes, 'attn-lrp')
    expect(coverage.supported).toBe(true)
    const details = coverage.nodes
      .filter(({ operator }) =>
        ['BatchNormalization', 'ReduceSumSquare', 'Squeeze'].includes(operator),
      ) // prettier-ignore
      .map(({ detail }) => detail)
    expect(details).toEqual(Array(3).fill('part of a normalisation'))
  })
})

describe('a BatchNormalization that cannot be folded', () => {
  const bytes = network((net, x) =>
    net.node('BatchNormalization', [
      net.node('Relu', [x]),
      vector(net, 'scale', [channels]),
      vector(net, 'shift', [channels]),
      net.floats('means', [channels], [0.1, -0.2, 0.3, 0]),
      net.floats('variances', [channels], [1, 0.5, 2, 0.7]),
    ]),
  )
  const dense = network((net, x) => {
    // The same as two nodes: a product, which passes, and a sum, whose constant is a bias.
    const factor = [1, 0.5, 2, 0.7].map((v, c) => (scale[c] ?? NaN) / Math.sqrt(v + 1e-5))
    const rest = [0.1, -0.2, 0.3, 0].map((m, c) => (shift[c] ?? NaN) - m * (factor[c] ?? NaN))
    const product = net.node('Mul', [
      net.node('Relu', [x]),
      net.floats('factor', [channels, 1, 1], factor),
    ])
    return net.node('Add', [product, net.floats('rest', [channels, 1, 1], rest)])
  })

  test('is an affine layer for attn-lrp: its shift absorbs', async () => {
    const [ours, apart] = [
      await explained(bytes, 'attn-lrp', input),
      await explained(dense, 'attn-lrp', input),
    ]
    expect(relativeL2(ours.relevance, apart.relevance)).toBeLessThan(1e-5)
    const row = ours.entries.find(({ rule }) => rule === 'affine')
    const sum = apart.entries.find(({ operator }) => operator === 'Add')
    expect(row?.bias).toBeCloseTo(sum?.bias ?? NaN, 4)
    expect(Math.abs(row?.bias ?? 0)).toBeGreaterThan(0.01)
  })

  test('passes for the others', async () => {
    const { entries } = await explained(bytes, 'epsilon', input)
    expect(entries.every(({ operator }) => operator !== 'BatchNormalization')).toBe(true)
  })
})
