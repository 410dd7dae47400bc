import { describe, expect, test } from 'vitest'
import { int, ints } from '../../../src/engine/onnx/attributes'
import { DataType } from '../../../src/engine/onnx/model'
import { createClassifier, createExplainer, inspectGraph } from '../../../src/engine/lrp/explainer'
import { handModel, node, tensor, type HandModel } from '../onnx/support/handModel'

/** z = x W with W = ((1, 2), (3, 4)), and whatever stands behind it. */
const behind = (
  nodes: HandModel['nodes'],
  more: Partial<HandModel> = {},
): HandModel & { readonly nodes: HandModel['nodes'] } => ({
  dims: [1, 2],
  tensors: [
    tensor('w', [2, 2], [1, 2, 3, 4]),
    tensor('axes', [1], [1], DataType.int64),
    tensor('shape', [2], [2, 1], DataType.int64),
    tensor('one', [1], [1], DataType.int64),
  ],
  ...more,
  nodes: [node('Gemm', ['x', 'w'], 'z'), ...nodes],
})

/** Of x = (1, 1): z = (4, 6). */
async function logitsOf(hand: HandModel, outputName?: string): Promise<number[]> {
  const bytes = handModel(hand)
  const choices = outputName === undefined ? {} : { outputName }
  const classifier = await createClassifier(bytes, 1, choices)
  const logits = Array.from(await classifier.run(Float32Array.of(1, 1)))
  await classifier.release()
  const options = { method: 'epsilon', parameters: {}, start: 'logit', batch: 1 } as const
  const explainer = await createExplainer(bytes, { ...options, ...choices })
  const explained = await explainer.run(Float32Array.of(1, 1), Float32Array.of(1, 0))
  await explainer.release()
  expect(Array.from(explained.logits)).toEqual(logits)
  return logits
}

describe('the logits behind an output', () => {
  test.each<[string, HandModel['nodes']]>([
    ['a Softmax', [node('Softmax', ['z'], 'y')]],
    ['a LogSoftmax', [node('LogSoftmax', ['z'], 'y')]],
    ['the logarithm of a Softmax', [node('Softmax', ['z'], 'p'), node('Log', ['p'], 'y')]],
    ['Reshape, Cast and Identity', [node('Sigmoid', ['z'], 'p'), node('Reshape', ['p', 'shape'], 'r'), node('Cast', ['r'], 'c', { to: int(DataType.float16) }), node('Identity', ['c'], 'y')]], // prettier-ignore
    ['Unsqueeze, Transpose, Squeeze', [node('Softmax', ['z'], 'p'), node('Unsqueeze', ['p', 'axes'], 'u'), node('Transpose', ['u'], 't', { perm: ints([0, 2, 1]) }), node('Squeeze', ['t'], 'y')]], // prettier-ignore
    ['ArgMax behind a Softmax', [node('Softmax', ['z'], 'p'), node('ArgMax', ['p'], 'y', { axis: int(1) })]], // prettier-ignore
    ['ArgMax alone', [node('ArgMax', ['z'], 'y', { axis: int(1) })]],
    ['the indices of TopK', [node('TopK', ['z', 'one'], ['best', 'y'])]],
    ['the values of TopK', [node('TopK', ['z', 'one'], ['y', 'which'])]],
    ['ZipMap', [node('Softmax', ['z'], 'p'), node('ai.onnx.ml.ZipMap', ['p'], 'y', { classlabels_int64s: ints([0, 1]) })]], // prettier-ignore
    ['nothing', [node('Identity', ['z'], 'y')]],
  ])('%s', async (_, nodes) => {
    expect(await logitsOf(behind(nodes))).toEqual([4, 6])
  })

  test('a Softmax inside is no final one', async () => {
    const nodes = [node('Softmax', ['z'], 'p'), node('Gemm', ['p', 'w'], 'y')]
    const [first = 0] = await logitsOf(behind(nodes))
    // p = (e^−2, 1) / (e^−2 + 1); first = p_0 + 3 p_1
    expect(first).toBeCloseTo((Math.exp(-2) + 3) / (Math.exp(-2) + 1), 5)
  })

  test('how many classes there are is not read off an output of another shape', async () => {
    const nodes = [node('ArgMax', ['z'], 'y', { axis: int(1), keepdims: int(1) })]
    const bytes = handModel(behind(nodes))
    expect(await inspectGraph(bytes, 'epsilon')).toMatchObject({
      classCount: null,
      output: 'y',
      logitsAreProbabilities: false,
    })
  })

  test('labels that nothing known decides are refused, with the outputs to choose from', async () => {
    const nodes = [
      node('Greater', ['z', 'limit'], 'g'),
      node('Cast', ['g'], 'label', { to: int(DataType.int64) }),
      node('Sigmoid', ['z'], 'p'),
    ]
    const tensors = [...behind([]).tensors, tensor('limit', [], [5])]
    const only = behind(nodes, { tensors, outputs: ['label'], outputType: DataType.int64 })
    await expect(logitsOf(only)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(/“label” holds labels.*“g” \(Greater\)/),
      hint: expect.stringContaining('logits'),
    })
    const both = behind(nodes, { tensors, outputs: ['label', 'p'] })
    // Without a name the first that will do; a name is meant.
    expect(await logitsOf(both)).toEqual([4, 6])
    await expect(logitsOf(both, 'label')).rejects.toMatchObject({
      hint: expect.stringContaining('“p”'),
    })
    await expect(logitsOf(both, 'q')).rejects.toThrow(/no output “q”; it has “label”, “p”/)
  })
})

describe('several inputs', () => {
  const other = (name: string) => ({ name, dataType: DataType.float, dims: [1, 2] })

  test('that the logits do not depend on are no obstacle', async () => {
    const hand = behind([node('Identity', ['z'], 'y'), node('Relu', ['mask'], 'unused')], {
      moreInputs: [other('mask'), { name: 'training', dataType: DataType.bool, dims: [] }],
    })
    expect(await logitsOf(hand)).toEqual([4, 6])
    const inspected = await inspectGraph(handModel(hand), 'epsilon')
    expect(inspected).toMatchObject({ input: 'x' })
    expect(inspected.inputs.map(({ name }) => name)).toEqual(['x', 'mask', 'training'])
  })

  test('that they do depend on are all named', async () => {
    const hand = behind([node('Add', ['z', 'age'], 'y')], { moreInputs: [other('age')] })
    await expect(logitsOf(hand)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(/2 inputs \(“x”, “age”\)/),
    })
  })

  test('another than the card names', async () => {
    const bytes = handModel(behind([node('Identity', ['z'], 'y')], { moreInputs: [other('age')] }))
    const choices = { inputName: 'age' }
    await expect(createClassifier(bytes, 1, choices)).rejects.toThrow(/input “x”, not on “age”/)
  })

  test('of a type that holds no picture', async () => {
    const nodes = [
      node('Cast', ['x'], 'c', { to: int(DataType.float) }),
      node('Gemm', ['c', 'w'], 'y'),
    ]
    const hand = { ...behind([]), nodes, dataType: DataType.int64 }
    await expect(logitsOf(hand)).rejects.toThrow(/“x” takes neither/)
  })
})

describe('what cannot be run is refused by name', () => {
  test.each<[string, HandModel['nodes'], RegExp]>([
    ['a domain of its own', [node('org.example.Magic', ['z'], 'y')], /“y” \(Magic\).*org\.example/],
    ['weights of nothing', [node('Add', ['z', 'nothing'], 'y')], /“y” \(Add\).*“nothing”/],
    ['an operator that there is not', [node('Nonsense', ['z'], 'y')], /Nonsense/],
  ])('%s', async (_, nodes, said) => {
    const tensors = [...behind([]).tensors, tensor('nothing', [0], [])]
    const bytes = handModel(behind(nodes, { tensors }))
    await expect(createClassifier(bytes, 1)).rejects.toThrow(said)
    await expect(logitsOf(behind(nodes, { tensors }))).rejects.toThrow(said)
  })
})

test('windows larger than what they slide over', async () => {
  const windows = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }
  const hand: HandModel = {
    dims: [1, 1, 1, 4],
    nodes: [node('AveragePool', ['x'], 'small', windows), node('Flatten', ['small'], 'y')],
    tensors: [],
  }
  const options = { method: 'epsilon', parameters: {}, start: 'logit', batch: 1 } as const
  await expect(createExplainer(handModel(hand), options)).rejects.toThrow(
    /“small” \(AveragePool\) has windows of 2 × 2 on an input of 1 × 4/,
  )
})

describe('numbers that are not finite', () => {
  test('name the node where they come up, forwards', async () => {
    const nodes = [node('Exp', ['z'], 'e'), node('Sub', ['e', 'e'], 'y')]
    const classifier = await createClassifier(handModel(behind(nodes)), 1)
    // e^(1000) is infinite, and ∞ − ∞ is none.
    const run = classifier.run(Float32Array.of(1000, 1))
    await expect(run).rejects.toThrow(/“e” \(Exp\) computed a number that is not finite/)
    await classifier.release()
  })

  test('and on the way back', async () => {
    // Zero forwards; backwards 1 · 1e30 · 1e30.
    const hand: HandModel = {
      dims: [1, 1],
      nodes: [node('Gemm', ['x', 'w'], 'a'), node('Relu', ['a'], 'r'), node('Gemm', ['r', 'w'], 'y')], // prettier-ignore
      tensors: [tensor('w', [1, 1], [1e30])],
    }
    const options = { method: 'gradient', parameters: {}, start: 'unit', batch: 1 } as const
    const explainer = await createExplainer(handModel(hand), options)
    const run = explainer.run(Float32Array.of(1e-38), Float32Array.of(1))
    await expect(run).rejects.toThrow(/overflowed at node “a”, on the way back/)
    await explainer.release()
  })
})
