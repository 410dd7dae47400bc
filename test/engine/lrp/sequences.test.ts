import { describe, expect, test } from 'vitest'
import { createClassifier, inspectGraph } from '../../../src/engine/lrp/explainer'
import { int } from '../../../src/engine/onnx/attributes'
import { int64Tensor } from '../../../src/engine/onnx/elements'
import { DataType, type Attribute } from '../../../src/engine/onnx/model'
import { floatData, floatFeed, openSession } from '../../../src/engine/onnx/runtime'
import { relativeL2 } from '../../support/npy'
import { noise, SmallNetwork } from './support/smallNetwork'
import { explained } from './transformers/explained'

const [channels, width] = [6, 4]
const input = noise(5, channels * width)

type Attributes = Readonly<Record<string, Attribute>>
/** What is made of a value of [batch, 6, 4]. */
type Step = (net: SmallNetwork, x: string) => string

/** What a step makes of a dense layer. */
function network(step: Step, opset: number): Uint8Array {
  const net = new SmallNetwork([channels, width], opset)
  const w = net.floats('w', [width, width], noise(1, width * width))
  const y = step(net, net.node('Tanh', [net.node('MatMul', ['input', w])]))
  return net.finish(net.node('Reshape', [y, net.integers('rows', [1, -1])]))
}

const index = (net: SmallNetwork, value: number): string => net.constant(int64Tensor(`at ${value}`, [], [value])) // prettier-ignore
const at = (net: SmallNetwork, list: string, position: number): string =>
  net.node('SequenceAt', [list, index(net, position)])
/** As PyTorch's exporter writes a position: a node of its own. */
const atNode = (net: SmallNetwork, list: string, position: number): string => {
  const value = int64Tensor('', [], [position])
  return net.node('SequenceAt', [list, net.node('Constant', [], { value: { kind: 'tensor', value } })]) // prettier-ignore
}
const split = (
  net: SmallNetwork,
  x: string,
  sizes: string | null,
  attributes: Attributes,
): string => net.node('SplitToSequence', sizes === null ? [x] : [x, sizes], attributes)
const slice = (net: SmallNetwork, x: string, from: number, to: number, axis = 1): string =>
  net.node('Slice', [x, ...[[from], [to], [axis]].map((list) => net.integers(`list ${list.join()}`, list))]) // prettier-ignore
const mul = (net: SmallNetwork, a: string, b: string): string => net.node('Mul', [a, b])
const unsqueeze = (net: SmallNetwork, x: string): string => {
  const shape = net.integers('wider', [0, 1, channels, width])
  return net.node('Reshape', [x, shape])
}

const ofSet14 = 'a list under another name'

/** What a file has, and the same without lists. */
const cases: Readonly<Record<string, readonly [Step, Step]>> = {
  'parts of one size, the last smaller': [
    (net, x) => {
      const list = split(net, x, index(net, 4), { axis: int(1) })
      return mul(net, slice(net, atNode(net, list, 0), 0, 2), atNode(net, list, 1))
    },
    (net, x) => mul(net, slice(net, slice(net, x, 0, 4), 0, 2), slice(net, x, 4, 6)),
  ],
  'parts of sizes that are listed, from the end': [
    (net, x) => {
      const list = split(net, x, net.integers('sizes', [1, 3, 2]), { axis: int(-2) })
      return net.node('Add', [at(net, list, -2), at(net, list, 0)])
    },
    (net, x) => net.node('Add', [slice(net, x, 1, 4), slice(net, x, 0, 1)]),
  ],
  'one by one': [
    (net, x) => {
      const list = split(net, x, null, { axis: int(1) })
      return mul(net, at(net, list, 2), at(net, list, -1))
    },
    (net, x) => mul(net, slice(net, x, 2, 3), slice(net, x, 5, 6)),
  ],
  'one by one, without the axis': [
    (net, x) => {
      const list = split(net, x, null, { axis: int(1), keepdims: int(0) })
      return net.node('Sub', [at(net, list, -2), at(net, list, 0)])
    },
    (net, x) => {
      const picked = (place: number) => net.node('Gather', [x, index(net, place)], { axis: int(1) })
      return net.node('Sub', [picked(4), picked(0)])
    },
  ],
  'a list and its items': [
    (net, x) => {
      const list = net.node('SequenceConstruct', [net.node('Relu', [x]), x])
      return mul(net, at(net, list, 0), at(net, list, -1))
    },
    (net, x) => mul(net, net.node('Relu', [x]), x),
  ],
  [ofSet14]: [
    (net, x) => at(net, net.node('Identity', [net.node('SequenceConstruct', [x])]), 0),
    (_, x) => x,
  ],
  'a list, one behind another': [
    (net, x) => {
      const list = net.node('SequenceConstruct', [net.node('Relu', [x]), x, x])
      return net.node('ConcatFromSequence', [list], { axis: int(-1) })
    },
    (net, x) => net.node('Concat', [net.node('Relu', [x]), x, x], { axis: int(2) }),
  ],
  'a list, along a new axis': [
    (net, x) => {
      const list = net.node('SequenceConstruct', [net.node('Relu', [x]), x])
      return net.node('ConcatFromSequence', [list], { axis: int(1), new_axis: int(1) })
    },
    (net, x) => {
      const parts = [net.node('Relu', [x]), x].map((part) => unsqueeze(net, part))
      return net.node('Concat', parts, { axis: int(1) })
    },
  ],
  'what is put into a list and taken out of it': [
    (net, x) => {
      const put = (list: string, item: string, ...place: string[]): string =>
        net.node('SequenceInsert', [list, item, ...place])
      const one = put(net.node('SequenceEmpty', [], { dtype: int(DataType.float) }), x)
      const two = put(one, net.node('Relu', [x]))
      const three = put(two, net.node('Neg', [x]), index(net, 1))
      const four = put(three, net.node('Exp', [x]), index(net, -1))
      // x, −x, eˣ, max(x, 0), less the second and the last
      const left = net.node('SequenceErase', [net.node('SequenceErase', [four, index(net, 1)])])
      return net.node('ConcatFromSequence', [left], { axis: int(1) })
    },
    (net, x) => net.node('Concat', [x, net.node('Exp', [x])], { axis: int(1) }),
  ],
  'a length': [
    (net, x) => {
      const list = net.node('SequenceConstruct', [x, x, x])
      const length = net.node('SequenceLength', [list])
      const number = net.node('Cast', [length], { to: int(DataType.float) })
      return net.node('Div', [at(net, list, 1), number])
    },
    (net, x) => net.node('Div', [x, net.floats('three', [], [3])]),
  ],
  'what was taken apart, put together': [
    (net, x) => {
      const list = split(net, x, null, { axis: int(1), keepdims: int(0) })
      return net.node('ConcatFromSequence', [list], { axis: int(1), new_axis: int(1) })
    },
    (_, x) => x,
  ],
}

describe.each(Object.entries(cases))('%s', (name, [listed, plain]) => {
  test.each(name === ofSet14 ? [17] : [11, 13, 17, 18])(
    'operator set %i: logits and relevance',
    async (opset) => {
      const bytes = network(listed, opset)
      const session = await openSession(bytes, 'disabled')
      const results = await session.run({ input: floatFeed(input, [1, channels, width]) })
      const own = floatData(Object.values(results)[0])
      await session.release()
      const classifier = await createClassifier(bytes, 1)
      expect(relativeL2(await classifier.run(input), own)).toBeLessThan(1e-6)
      await classifier.release()
      expect((await inspectGraph(bytes, 'epsilon')).coverage.supported).toBe(true)
      const mask = Array.from(own, () => 1)
      for (const method of ['epsilon-plus', 'attn-lrp', 'gradient'] as const) {
        const [one, other] = await Promise.all([
          explained(bytes, method, input, { mask }),
          explained(network(plain, opset), method, input, { mask }),
        ])
        expect(relativeL2(one.logits, own)).toBeLessThan(1e-6)
        expect(one.relevance.some((value) => value !== 0)).toBe(true)
        expect(relativeL2(one.relevance, other.relevance)).toBeLessThan(1e-5)
      }
    },
  )
})

describe('what is not constant is refused by name', () => {
  test.each<[string, Step, RegExp]>([
    [
      'a position that depends on the pixels',
      (net, x) => {
        const list = split(net, x, index(net, 2), { axis: int(1) })
        const places = net.node('ArgMax', [net.node('Reshape', [x, net.integers('all', [-1])])], { axis: int(0), keepdims: int(0) }) // prettier-ignore
        return mul(net, at(net, list, 0), net.node('SequenceAt', [list, places], {}, 'odd'))
      },
      /\(SplitToSequence\) cannot be explained: no rule for SplitToSequence/,
    ],
    [
      'the last part but one, of who knows how many',
      (net, x) => at(net, split(net, x, index(net, 2), { axis: int(1) }), -2),
      /\(SplitToSequence\) cannot be explained/,
    ],
    [
      'a list that is used in another way as well',
      (net, x) => {
        const list = split(net, x, index(net, 2), { axis: int(1) })
        const parts = net.node('ConcatFromSequence', [list], { axis: int(0) })
        return mul(net, net.node('ReduceSum', [parts]), at(net, list, 0))
      },
      /\(SplitToSequence\) cannot be explained/,
    ],
    [
      'an item that is not there',
      (net, x) => at(net, net.node('SequenceConstruct', [x, x]), 2),
      /\(SequenceConstruct\) cannot be explained/,
    ],
  ])('%s', async (_, step, reason) => {
    const bytes = network(step, 17)
    await expect(explained(bytes, 'epsilon', input)).rejects.toThrow(reason)
    expect((await inspectGraph(bytes, 'epsilon')).coverage.supported).toBe(false)
  })
})
