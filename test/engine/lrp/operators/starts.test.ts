import { describe, expect, test } from 'vitest'
import { createExplainer, createStartsExplainer } from '../../../../src/engine/lrp/explainer'
import { summariseLedger } from '../../../../src/engine/lrp/ledger'
import { float, int, ints, string } from '../../../../src/engine/onnx/attributes'
import type { MethodName } from '../../../../src/shared/explanation/method'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'

type Step = (net: SmallNetwork, x: string) => string

/** Six channels of 4 × 4 in front of each; what comes out is flattened. */
const steps: Readonly<Record<string, Step>> = {
  LRN: (net, x) => net.node('LRN', [x], { size: int(3), alpha: float(2) }),
  'Split and Max': (net, x) => {
    net.node('Split', [x], { axis: int(1) }, 'split', ['p', 'q', 'r'])
    return net.node('Max', ['p', 'r'])
  },
  'Slice with a step': (net, x) =>
    net.node('Slice', [
      x,
      net.integers('from', [3, 0]),
      net.integers('to', [-9, 4]),
      net.integers('axes', [2, 3]),
      net.integers('steps', [-1, 2]),
    ]),
  'Gather of some twice': (net, x) =>
    net.node('Gather', [x, net.integers('which', [2, 0, 2, 5])], { axis: int(1) }),
  'Gather of one many times': (net, x) =>
    net.node('Gather', [x, net.integers('which', [1, 1, 1, 1, 1, 0])], { axis: int(2) }),
  GatherElements: (net, x) => {
    const indices = net.node('Reshape', [
      net.integers('which', [0, 1, 1, 2, 3, 0]),
      net.integers('as', [1, 6, 1, 1]),
    ])
    return net.node('GatherElements', [x, indices], { axis: int(3) })
  },
  'Pad by reflection': (net, x) =>
    net.node('Pad', [x, net.integers('pads', [0, 0, 1, 2, 0, 0, 3, 0])], {
      mode: string('reflect'),
    }),
  'Pad that cuts': (net, x) =>
    net.node('Pad', [x, net.integers('pads', [0, 0, -1, 2, 0, 0, 1, -1])]),
  'Expand of a sum': (net, x) => {
    const sum = net.node('ReduceSum', [x, net.integers('over', [2, 3])])
    return net.node('Expand', [sum, net.integers('to', [1, 6, 2, 3])])
  },
  Tile: (net, x) => net.node('Tile', [x, net.integers('times', [1, 2, 1, 3])]),
  Where: (net, x) => {
    const positive = net.node('Greater', [x, net.floats('zero', [], [0.2])])
    return net.node('Where', [positive, x, net.node('Mul', [x, net.weights('k', [6, 1, 1])])])
  },
  'Resize, linear': (net, x) =>
    net.node('Resize', [x, '', net.floats('by', [4], [1, 1, 2, 0.75])], { mode: string('linear') }),
  ReduceMax: (net, x) => net.node('ReduceMax', [x], { axes: ints([1]) }),
  GlobalMaxPool: (net, x) => net.node('GlobalMaxPool', [x]),
  ReduceProd: (net, x) => net.node('ReduceProd', [x], { axes: ints([1, 3]) }),
  'ReduceProd without its axis': (net, x) =>
    net.node('ReduceProd', [x], { axes: ints([2]), keepdims: int(0) }),
  ReduceL2: (net, x) => net.node('ReduceL2', [x], { axes: ints([2]) }),
  LpPool: (net, x) => net.node('LpPool', [x], { kernel_shape: ints([2, 2]), p: int(3) }),
  TopK: (net, x) =>
    net.node('TopK', [x, net.integers('k', [2])], { axis: int(2) }, 'top', ['best', 'where']),
  CumSum: (net, x) => net.node('CumSum', [x, net.integers('axis', [2])]),
  DepthToSpace: (net, x) => {
    net.node('Split', [x, net.integers('sizes', [4, 2])], { axis: int(1) }, 'split', ['p', 'q'])
    return net.node('DepthToSpace', ['p'], { blocksize: int(2), mode: string('CRD') })
  },
  ConvTranspose: (net, x) =>
    net.node('ConvTranspose', [x, net.weights('t', [6, 2, 3, 2]), net.weights('tb', [4])], {
      group: int(2),
      strides: ints([2, 1]),
      output_padding: ints([1, 0]),
    }),
}

function network(step: Step): Uint8Array {
  const net = new SmallNetwork([2, 6, 6])
  const conv = net.node('Conv', ['input', net.weights('w', [6, 2, 3, 3]), net.weights('b', [6])])
  const y = net.node('GlobalAveragePool', [
    net.node('Reshape', [
      step(net, net.node('LeakyRelu', [conv], { alpha: float(0.3) })),
      net.integers('rows', [0, 2, -1]),
    ]),
  ])
  const weighted = net.node('Gemm', [net.node('Flatten', [y]), net.weights('v', [2, 4])])
  return net.finish(weighted)
}

const methods: readonly MethodName[] = ['epsilon', 'epsilon-plus-flat', 'gradient']

describe.each(Object.entries(steps))('%s', (name, step) => {
  test.each(methods)('%s: three classes in one run are what each is alone', async (method) => {
    const bytes = network(step)
    const options = { method, parameters: { lrn: 'taylor' }, start: 'logit', batch: 1 } as const
    const one = await createExplainer(bytes, options)
    const several = await createStartsExplainer(bytes, options, 3)
    expect(several.shared).toBe(true)
    const input = noise(7, 72)
    const masks = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 1)
    for (const [at, explained] of (await several.run(input, masks)).entries()) {
      const alone = await one.run(input, masks.slice(4 * at, 4 * at + 4))
      expect(alone.relevance.some((value) => value !== 0)).toBe(true)
      expect(relativeL2(explained.relevance, alone.relevance)).toBeLessThan(1e-5)
      if (!alone.ledger || !explained.ledger) continue
      expect(summariseLedger(explained.ledger).balanced).toBe(true)
      for (const [row, { node, relevanceIn, unexplained }] of alone.ledger.entries()) {
        const entry = explained.ledger[row]
        expect(entry?.node).toBe(node)
        expect(entry?.relevanceIn).toBeCloseTo(relevanceIn, 4)
        expect(entry?.unexplained).toBeCloseTo(unexplained, 4)
      }
    }
    await one.release()
    await several.release()
  })

  // GatherElements has indices for one sample.
  test.skipIf(name === 'GatherElements')('two samples get what each gets alone', async () => {
    const options = { method: 'epsilon', parameters: {}, start: 'logit' } as const
    const bytes = network(step)
    const alone = await createExplainer(bytes, { ...options, batch: 1 })
    const [a, b] = [noise(7, 72), noise(8, 72)]
    const mask = [0, 1, 0, 0]
    const apart: number[] = []
    for (const input of [a, b])
      apart.push(...(await alone.run(input, Float32Array.from(mask))).relevance)
    await alone.release()
    const both = await createExplainer(bytes, { ...options, batch: 2 })
    const { relevance } = await both.run(
      Float32Array.from([...a, ...b]),
      Float32Array.from([...mask, ...mask]),
    )
    await both.release()
    expect(relativeL2(relevance, apart)).toBeLessThan(1e-5)
  })
})
