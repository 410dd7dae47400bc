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
    tensor('low', [], [0.1]),
    tensor('high', [], [0.9]),
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
    [
      'Clip behind a Softmax',
      [node('Softmax', ['z'], 'p'), node('Clip', ['p', 'low', 'high'], 'y')],
    ],
    ['Flatten', [node('Softmax', ['z'], 'p'), node('Flatten', ['p'], 'y')]],
    ['ZipMap', [node('Softmax', ['z'], 'p'), node('ai.onnx.ml.ZipMap', ['p'], 'y', { classlabels_int64s: ints([0, 1]) })]], // prettier-ignore
    ['nothing', [node('Identity', ['z'], 'y')]],
  ])('%s', async (_, nodes) => {
    expect(await logitsOf(behind(nodes))).toEqual([4, 6])
  })

  describe('of probabilities written out', () => {
    const constants = [
      tensor('1', [], [1]),
      tensor('ones', [1, 2], [1, 1]),
      tensor('−1', [], [-1]),
      tensor('0', [], [0]),
      tensor('half', [1], [0.5]),
      tensor('2', [], [2]),
      tensor('whole', [], [1], DataType.int64),
    ]
    const exp = (of: string): HandModel['nodes'] => [
      node('Exp', [of], 'e'),
      node('ReduceSum', ['e', 'axes'], 's'),
    ]
    const less = [
      node('ReduceMax', ['z'], 'm', { axes: ints([1]) }),
      node('Sub', ['z', 'm'], 'shifted'),
    ]
    const without = { keepdims: int(0) }
    const negative = [
      node('Neg', ['z'], 'n'),
      node('Exp', ['n'], 'e'),
      node('Add', ['1', 'e'], 'd'),
    ]
    const tanh = [node('Mul', ['z', 'half'], 'h'), node('Tanh', ['h'], 't')]
    // prettier-ignore
    const forms: [string, string, HandModel['nodes']][] = [
      ['Softmax', 'e / Σe', [...exp('z'), node('Div', ['e', 's'], 'p')]],
      ['Softmax', 'with the largest taken off', [...less, ...exp('shifted'), node('Div', ['e', 's'], 'p')]],
      ['Softmax', '1/Σe · e', [...exp('z'), node('Reciprocal', ['s'], 'i'), node('Mul', ['i', 'e'], 'p')]],
      ['Softmax', 'sums brought back to the shape', [
        node('ReduceMax', ['z'], 'm', { axes: ints([1]), ...without }), node('Unsqueeze', ['m', 'axes'], 'u'),
        node('Identity', ['u'], 'stopped'), node('Sub', ['z', 'stopped'], 'shifted'), node('Exp', ['shifted'], 'e'),
        node('ReduceSum', ['e', 'axes'], 's', without), node('Unsqueeze', ['s', 'axes'], 'v'), node('Div', ['e', 'v'], 'p'),
      ]],
      ['Softmax', 'the exponential of a LogSoftmax', [node('LogSoftmax', ['z'], 'l'), node('Exp', ['l'], 'p')]],
      ['LogSoftmax', 'z − ln Σe', [node('ReduceLogSumExp', ['z'], 's', { axes: ints([1]) }), node('Sub', ['z', 's'], 'p')]],
      ['LogSoftmax', 'with the largest taken off', [...less, ...exp('shifted'), node('Log', ['s'], 'l'), node('Sub', ['shifted', 'l'], 'p')]],
      ['LogSoftmax', 'with the largest taken off and added again', [
        ...less, ...exp('shifted'), node('Log', ['s'], 'l'), node('Add', ['l', 'm'], 'all'), node('Sub', ['z', 'all'], 'p'),
      ]],
      ['Sigmoid', '1 / (1 + e)', [...negative, node('Div', ['1', 'd'], 'p')]],
      ['Sigmoid', 'the reciprocal', [...negative, node('Reciprocal', ['d'], 'p')]],
      ['Sigmoid', 'of −1 · z, with ones in every place', [
        node('Mul', ['−1', 'z'], 'n'), node('Exp', ['n'], 'e'), node('Add', ['e', 'ones'], 'd'), node('Div', ['ones', 'd'], 'p'),
      ]],
      ['Sigmoid', 'of 0 − z, to the power −1, with a 1 that was a whole number', [
        node('Cast', ['whole'], 'cast', { to: int(DataType.float) }),
        node('Sub', ['0', 'z'], 'n'), node('Exp', ['n'], 'e'), node('Add', ['e', 'cast'], 'd'), node('Pow', ['d', '−1'], 'p'),
      ]],
      ['Sigmoid', 'e / (1 + e)', [node('Exp', ['z'], 'e'), node('Add', ['e', '1'], 'd'), node('Div', ['e', 'd'], 'p')]],
      ['Sigmoid', '½ tanh + ½', [...tanh, node('Mul', ['t', 'half'], 'i'), node('Add', ['i', 'half'], 'p')]],
      ['Sigmoid', '(tanh + 1) / 2', [...tanh, node('Add', ['t', '1'], 'i'), node('Div', ['i', '2'], 'p')]],
    ]

    test.each(forms)('%s: %s', async (kind, _, nodes) => {
      const { tensors } = behind([])
      const hand = behind([...nodes, node('Identity', ['p'], 'y')], { tensors: [...tensors, ...constants] }) // prettier-ignore
      expect(await logitsOf(hand)).toEqual([4, 6])
      const bytes = handModel(hand)
      const { coverage, logitsAreProbabilities } = await inspectGraph(bytes, 'epsilon')
      expect(logitsAreProbabilities).toBe(true)
      // Behind the Gemm all is stripped, but for constants, which do not reach the logits.
      const kinds = coverage.nodes.slice(1).map((each) => (each.node === 'cast' ? 'stripped' : each.kind)) // prettier-ignore
      expect(new Set(kinds)).toEqual(new Set(['stripped']))
      const classifier = await createClassifier(bytes, 1)
      expect(classifier.probabilities).toBe(kind === 'Sigmoid' ? 'sigmoid' : 'softmax')
      await classifier.release()
    })

    test('a temperature is part of the logits', async () => {
      const nodes = [node('Mul', ['z', 'half'], 'c'), ...exp('c'), node('Div', ['e', 's'], 'y')]
      const tensors = [...behind([]).tensors, ...constants]
      expect(await logitsOf(behind(nodes, { tensors }))).toEqual([2, 3])
    })

    test('how many classes there are, and what was stripped', async () => {
      const nodes = [...exp('z'), node('Div', ['e', 's'], 'y')]
      const options = { method: 'epsilon', parameters: {}, start: 'logit', batch: 1 } as const
      const explainer = await createExplainer(handModel(behind(nodes)), options)
      expect(JSON.stringify(explainer.conventions)).toContain(
        'final Softmax (written out) stripped',
      )
      await explainer.release()
    })
  })

  describe('percentages', () => {
    const parts = [tensor('%', [1], [100]), tensor('0.01', [], [0.01]), tensor('−1', [], [-1])]
    // prettier-ignore
    test.each<[string, HandModel['nodes']]>([
      ['100 p', [node('Softmax', ['z'], 'p'), node('Mul', ['p', '%'], 'y')]],
      ['p / 0.01', [node('Softmax', ['z'], 'p'), node('Div', ['p', '0.01'], 'y')]],
      ['100 σ, rounded down to 90', [node('Sigmoid', ['z'], 'p'), node('Mul', ['%', 'p'], 'm'), node('Clip', ['m', '', '%'], 'y')]],
      ['of a class that is decided for', [node('Softmax', ['z'], 'p'), node('Mul', ['%', 'p'], 'm'), node('TopK', ['m', 'one'], ['y', 'which'])]],
    ])('%s', async (_, nodes) => {
      const tensors = [...behind([]).tensors, ...parts]
      expect(await logitsOf(behind(nodes, { tensors }))).toEqual([4, 6])
    })

    test('numbers that were no probabilities are not divided', async () => {
      const tensors = [...behind([]).tensors, ...parts]
      expect(await logitsOf(behind([node('Mul', ['z', '%'], 'y')], { tensors }))).toEqual([400, 600]) // prettier-ignore
      const negative = [node('Softmax', ['z'], 'p'), node('Mul', ['p', '−1'], 'y')]
      // −p: the most probable would be the least.
      const [first = 0, second = 0] = await logitsOf(behind(negative, { tensors }))
      expect(first + second).toBeCloseTo(-1, 6)
    })

    test('of a mean of probabilities are refused as these are', async () => {
      const nodes = [
        node('Softmax', ['z'], 'p'),
        node('Neg', ['z'], 'n'),
        node('Softmax', ['n'], 'q'),
        node('Mean', ['p', 'q'], 'm'),
        node('Mul', ['m', '%'], 'y'),
      ]
      const bytes = handModel(behind(nodes, { tensors: [...behind([]).tensors, ...parts] }))
      await expect(inspectGraph(bytes, 'epsilon')).rejects.toThrow(/holds probabilities.*\(Mean\)/)
    })
  })

  describe('of several outputs', () => {
    const nodes = [
      node('Softmax', ['z'], 'p'),
      node('ArgMax', ['p'], 'label', { axis: int(1) }),
      node('Add', ['z', 'z'], 'twice'),
      node('Relu', ['z'], 'map'),
    ]
    const dimsOf = { map: [1, 8, 7, 7] }

    test.each<[string, readonly string[], readonly string[], string]>([
      ['one', ['z'], ['z'], 'z'],
      ['three that lead to the same logits', ['label', 'p', 'z'], ['label'], 'label'],
      ['two that differ', ['twice', 'p'], ['twice', 'p'], 'twice'],
      ['one and a map of places', ['map', 'p'], ['p'], 'p'],
      ['a map alone', ['map'], [], 'map'],
    ])('%s', async (_, outputs, expected, taken) => {
      const bytes = handModel(behind(nodes, { outputs, outputType: DataType.float, dimsOf }))
      const { classOutputs, output } = await inspectGraph(bytes, 'epsilon')
      expect(classOutputs).toEqual(expected)
      expect(output).toBe(taken)
    })
  })

  describe('that are not found', () => {
    const softmaxes = [
      node('Softmax', ['z'], 'p'),
      node('Neg', ['z'], 'n'),
      node('Softmax', ['n'], 'q'),
    ]
    const one = tensor('1', [1, 1], [1])
    const half = tensor('half', [], [0.5])
    // prettier-ignore
    test.each<[string, HandModel['nodes'], string]>([
      ['the mean of two Softmax', [...softmaxes, node('Mean', ['p', 'q'], 'y')], 'Mean'],
      ['their sum, halved', [...softmaxes, node('Add', ['p', 'q'], 's'), node('Mul', ['s', 'half'], 'm'), node('Flatten', ['m'], 'y')], 'Mul'],
      ['1 − p beside p', [node('Sigmoid', ['z'], 'p'), node('Sub', ['1', 'p'], 'q'), node('Concat', ['q', 'p'], 'y', { axis: int(1) })], 'Concat'],
      ['a part of a Softmax', [node('Softmax', ['z'], 'p'), node('Gather', ['p', 'axes'], 'y', { axis: int(1) })], 'Gather'],
      ['shares of a sum', [node('Relu', ['z'], 'r'), node('ReduceSum', ['r', 'axes'], 's'), node('Div', ['r', 's'], 'y')], 'Div'],
      ['what decides by them', [...softmaxes, node('Mean', ['p', 'q'], 'm'), node('ArgMax', ['m'], 'y', { axis: int(1) })], 'Mean'],
    ])('%s', async (_, nodes, maker) => {
      const { tensors } = behind([])
      const bytes = handModel(behind(nodes, { tensors: [...tensors, one, half] }))
      const refused = {
        code: 'invalid-model',
        message: expect.stringMatching(`“y” holds probabilities, and the logits that they are made of are not found: “.*” \\(${maker}\\) lies before it.$`), // prettier-ignore
      }
      await expect(inspectGraph(bytes, 'epsilon')).rejects.toMatchObject(refused)
      await expect(createClassifier(bytes, 1)).rejects.toMatchObject(refused)
    })

    // prettier-ignore
    test.each<[string, HandModel['nodes'], number[]]>([
      // p = q = ½ for the sums that follow, z = (4, 6) counts no more.
      ['more than 1', [node('Sub', ['z', 'z'], 'o'), node('Softmax', ['o'], 'p'), node('Add', ['p', 'p'], 'y')], [1, 1]],
      ['less than 0', [node('Sub', ['z', 'z'], 'o'), node('Softmax', ['o'], 'p'), node('Sub', ['p', 'half'], 'y')], [0, 0]],
      ['a value that is weighed', [node('Sub', ['z', 'z'], 'o'), node('Softmax', ['o'], 'p'), node('Mul', ['p', 'z'], 'y')], [2, 3]],
    ])('%s is no probability', async (_, nodes, expected) => {
      const { tensors } = behind([])
      const bytes = handModel(behind(nodes, { tensors: [...tensors, half] }))
      const classifier = await createClassifier(bytes, 1)
      expect(Array.from(await classifier.run(Float32Array.of(1, 1)))).toEqual(expected)
      await classifier.release()
    })

    test('where another output has them', async () => {
      const nodes = [...softmaxes, node('Mean', ['p', 'q'], 'mean')]
      expect(await logitsOf(behind(nodes, { outputs: ['mean', 'p'] }))).toEqual([4, 6])
    })
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
