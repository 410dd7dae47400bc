import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../src/engine/onnx/attributes'
import { floatTensor } from '../../../src/engine/onnx/elements'
import { DataType, type Graph, type Node } from '../../../src/engine/onnx/model'
import { writeModel } from '../../../src/engine/onnx/write'
import { createExplainer, inspectGraph } from '../../../src/engine/lrp/explainer'
import { AppError } from '../../../src/shared/errors'
import { SmallNetwork } from './support/smallNetwork'

async function refusal(bytes: Uint8Array): Promise<AppError> {
  try {
    await createExplainer(bytes, {
      method: 'epsilon-plus',
      parameters: {},
      start: 'logit',
      batch: 1,
    })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the model was not refused')
}

/** A network in which one node is the odd one out. */
function networkWith(make: (net: SmallNetwork, x: string) => string): Uint8Array {
  const net = new SmallNetwork([1, 4, 4])
  const conv = net.node('Conv', ['input', net.weights('w', [2, 1, 3, 3])], {
    pads: ints([1, 1, 1, 1]),
  })
  const odd = make(net, conv)
  return net.finish(net.node('Gemm', [net.node('Flatten', [odd]), net.weights('v', [32, 2])]))
}

describe('what has no rule is refused by name before anything runs', () => {
  test.each([
    ['Det', (net: SmallNetwork, x: string) => net.node('Det', [x], {}, 'the odd one')],
    [
      'Div',
      (net: SmallNetwork, x: string) =>
        net.node(
          'Div',
          [x, net.node('Conv', [x, net.weights('u', [2, 2, 1, 1])])],
          {},
          'the odd one',
        ),
    ],
  ])('%s', async (operator, make) => {
    const error = await refusal(networkWith(make))
    expect(error.code).toBe('unsupported-operator')
    expect(error.message).toContain('“the odd one”')
    expect(error.message).toContain(operator)
    expect(error.hint).toContain('Conv')
  })

  test('a BatchNormalization in training mode', async () => {
    const error = await refusal(
      networkWith((net, x) => {
        const two = (name: string) => net.floats(name, [2], [1, 2])
        const inputs = [x, two('s'), two('b'), two('m'), two('v')]
        return net.node('BatchNormalization', inputs, { training_mode: int(1) }, 'training')
      }),
    )
    expect(error.message).toContain('“training”')
  })

  test('a BatchNormalization of operator set 8 with the outputs of training', async () => {
    // ONNX Runtime then normalises by the batch; folding it as if it did not gives other logits.
    const outputs = ['r', 'mean', 'var', 'saved mean', 'saved var']
    const inputs = ['a', 'ones', 'ones', 'ones', 'ones']
    const ones = floatTensor('ones', [2], Float32Array.of(1, 1))
    const bytes = modelWith((graph) => ({
      ...replaced(graph, 'r', { operator: 'BatchNormalization', name: 'odd', inputs, outputs }),
      initializers: new Map(graph.initializers).set('ones', ones),
    }))
    expect((await refusal(bytes)).message).toContain('“odd”')
  })
})

/** Two nodes and a dense layer by hand; `change` turns the model into the odd one. */
function modelWith(change: (graph: Graph) => Partial<Graph>): Uint8Array {
  const node = (operator: string, inputs: string[], output: string): Node => ({
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  })
  const tensors = [
    floatTensor('w', [2, 1, 3, 3], new Float32Array(18).fill(0.1)),
    floatTensor('v', [8, 2], new Float32Array(16).fill(0.2)),
  ]
  const graph: Graph = {
    name: 'by hand',
    nodes: [
      node('Conv', ['x', 'w'], 'a'),
      node('Relu', ['a'], 'r'),
      node('Flatten', ['r'], 'f'),
      node('Gemm', ['f', 'v'], 'y'),
    ],
    initializers: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    inputs: [{ name: 'x', dataType: DataType.float, dims: [1, 1, 4, 4] }],
    outputs: [{ name: 'y', dataType: DataType.float, dims: [1, 2] }],
  }
  return writeModel({
    irVersion: 8,
    producer: 'test',
    opsets: new Map([['', 17]]),
    graph: { ...graph, ...change(graph) },
  })
}

const replaced = (graph: Graph, name: string, by: Partial<Node>): Partial<Graph> => ({
  nodes: graph.nodes.map((node) => (node.name === name ? { ...node, ...by } : node)),
})

describe('graphs that are none', () => {
  test('the model they are made from is fine', async () => {
    await expect(refusal(modelWith(() => ({})))).rejects.toThrow('was not refused')
  })

  test.each<[string, (graph: Graph) => Partial<Graph>, string]>([
    ['a cycle', (graph) => replaced(graph, 'a', { inputs: ['r', 'w'] }), '“a” (Conv)'],
    ['a value made twice', (graph) => replaced(graph, 'r', { outputs: ['a'] }), '“r” (Relu)'],
    ['a value that nothing makes', (graph) => replaced(graph, 'r', { inputs: ['q'] }), '“q”'],
    [
      'a name of our own',
      (graph) => replaced(graph, 'r', { outputs: ['pixelwise:1'] }),
      'reserved',
    ],
    [
      'an output that nothing makes',
      () => ({ outputs: [{ name: 'x', dataType: DataType.float, dims: [1] }] }),
      'output “x”',
    ],
  ])('%s', async (_, change, said) => {
    const error = await refusal(modelWith(change))
    expect(error.code).toBe('invalid-model')
    expect(error.message).toContain(said)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight that is %s', async (value) => {
    const error = await refusal(
      modelWith(({ initializers }) => ({
        initializers: new Map(initializers).set(
          'w',
          floatTensor('w', [2, 1, 3, 3], new Float32Array(18).fill(0.1).with(4, value)),
        ),
      })),
    )
    expect(error.code).toBe('invalid-model')
    expect(error.message).toContain('“a” (Conv)')
  })

  test('a name of megabytes that would repaint the terminal', async () => {
    const name = `\u001B[2J\u202E${'z'.repeat(5_000_000)}`
    const error = await refusal(
      modelWith((graph) => replaced(graph, 'r', { name, operator: 'Det' })),
    )
    expect(error.code).toBe('unsupported-operator')
    expect(error.message).toContain('(Det)')
    expect(error.message.length).toBeLessThan(300)
    expect(error.message).not.toMatch(/\p{C}/u)
  })
})

describe('what draws at random, or comes from elsewhere under a known name', () => {
  test.each<[string, Partial<Node>]>([
    ['Dropout in training', { operator: 'Dropout', inputs: ['a', '', 'w'] }],
    ['an operator of another domain', { operator: 'Dropout', domain: 'com.example' }],
    ['random numbers', { operator: 'RandomNormalLike' }],
  ])('%s', async (_, by) => {
    const error = await refusal(modelWith((graph) => replaced(graph, 'r', { name: 'odd', ...by })))
    expect(error.code).toBe('unsupported-operator')
    expect(error.message).toContain('“odd”')
  })
})

test('Dropout in training, as a Cast says, even within an activation written out', async () => {
  const error = await refusal(
    networkWith((net, x) => {
      const yes = net.node('Cast', [net.floats('one', [], [1])], { to: int(DataType.bool) })
      const dropped = net.node('Dropout', [x, net.floats('ratio', [], [0.5]), yes], {}, 'odd')
      return net.node('Mul', [x, net.node('Sigmoid', [dropped])])
    }),
  )
  expect(error.message).toMatch(/“odd” \(Dropout\) cannot be explained: it may drop at random/)
})

test('the mask of a Dropout from before operator set 12, which ONNX Runtime fills with zeros', async () => {
  const net = new SmallNetwork([4], 11)
  const first = net.node('Gemm', ['input', net.weights('w', [4, 4]), net.floats('b', [4], [1, 1, 1, 1])]) // prettier-ignore
  net.node('Dropout', [first], {}, 'odd', ['kept', 'mask'])
  const mask = net.node('Cast', ['mask'], { to: int(DataType.float) })
  const error = await refusal(net.finish(net.node('Mul', ['kept', mask])))
  expect(error.message).toMatch(/“odd” \(Dropout\).*mask is not defined before operator set 12/)
})

test('a subgraph, though all that its node lists is constant', async () => {
  const error = await refusal(
    withSubgraph(
      modelWith((graph) => ({
        nodes: [
          { ...chosen, inputs: ['w'], outputs: ['s'] },
          ...(replaced(graph, 'r', { operator: 'Add', inputs: ['a', 's'] }).nodes ?? []),
        ],
      })),
    ),
  )
  expect(error.code).toBe('unsupported-operator')
  expect(error.message).toContain('“chosen” (If)')
})

test('a subgraph that makes the logits of an image that its node does not list', async () => {
  const error = await refusal(
    withSubgraph(
      modelWith((graph) => ({
        nodes: [...graph.nodes, { ...chosen, inputs: ['w'], outputs: ['answer'] }],
        outputs: [{ name: 'answer', dataType: DataType.float, dims: [null, 2] }],
      })),
    ),
  )
  expect(error.code).toBe('unsupported-operator')
  expect(error.message).toContain('“chosen” (If)')
})

const chosen = {
  name: 'chosen',
  operator: 'If',
  domain: '',
  attributes: new Map([['then_branch', string('a graph')]]),
}

/** Written as a string (field 4, type 3), made a graph (field 6, type 5) in the bytes. */
function withSubgraph(bytes: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf('then_branch') + 'then_branch'.length
  expect(bytes[at]).toBe((4 << 3) | 2)
  bytes[at] = (6 << 3) | 2
  bytes[at + 2 + 'a graph'.length + 2] = 5
  return bytes
}

describe('the box of zBox', () => {
  const boxed = (low: number | number[], high: number | number[], bytes: Uint8Array) =>
    createExplainer(bytes, {
      method: 'epsilon-gamma-box',
      parameters: { low, high },
      start: 'logit',
      batch: 1,
    })

  test.each([
    ['more numbers than channels', [0, 0, 0], 1],
    ['lowest above highest', 2, 1],
  ])('%s', async (_, low, high) => {
    const odd = boxed(
      low,
      high,
      modelWith(() => ({})),
    )
    await expect(odd).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('is unknown behind a mean image, which differs from pixel to pixel', async () => {
    const net = new SmallNetwork([1, 4, 4])
    const x = net.node('Sub', ['input', net.weights('mean', [1, 4, 4])], {}, 'mean image')
    const conv = net.node('Conv', [x, net.weights('w', [2, 1, 3, 3])])
    const bytes = net.finish(net.node('Flatten', [conv]))
    await expect(boxed(0, 1, bytes)).rejects.toThrow('“mean image” (Sub)')
  })
})

describe('coverage names what happens to every node', () => {
  test('rules follow the composite and the topology', async () => {
    const bytes = readFileSync('test/fixtures/goldens/lenet_maxpool/model.onnx')
    const details = async (method: 'epsilon-plus-flat' | 'epsilon-gamma-box') => {
      const { coverage } = await inspectGraph(bytes, method)
      return coverage.nodes.filter(({ kind }) => kind === 'rule').map(({ detail }) => detail)
    }
    expect(await details('epsilon-plus-flat')).toEqual([
      'flat',
      'zPlus',
      'epsilon 1e-6',
      'epsilon 1e-6',
      'epsilon 1e-6',
    ])
    expect((await details('epsilon-gamma-box')).slice(0, 2)).toEqual(['zBox', 'gamma 0.25'])
  })

  test('a final Softmax is stripped, constants are computed once', async () => {
    const bytes = readFileSync('test/fixtures/goldens/oddconv/model_rawexport.onnx')
    const { coverage, classCount } = await inspectGraph(bytes, 'epsilon-plus')
    expect(coverage.supported).toBe(true)
    expect(classCount).toBe(10)
    expect(coverage.nodes.some(({ kind }) => kind === 'constant')).toBe(true)
  })
})

describe('files that are no classifiers', () => {
  test.each([
    ['empty', new Uint8Array()],
    ['text', new TextEncoder().encode('this is not a model, whatever its name says')],
    ['zeros', new Uint8Array(1000)],
  ])('%s', async (_, bytes) => {
    expect((await refusal(bytes)).code).toBe('invalid-model')
  })

  test('a model cut off anywhere is refused, never read half', async () => {
    const bytes = readFileSync('test/fixtures/goldens/mlp_relu/model.onnx')
    for (const share of [0.1, 0.35, 0.5, 0.8, 0.99]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share))
      expect((await refusal(cut)).code).toBe('invalid-model')
    }
  })
})

describe('groups that do not fit the channels are refused by name before anything is built', () => {
  const grouped = (operator: string, weights: readonly number[], group: number): Uint8Array => {
    const net = new SmallNetwork([2, 4, 4])
    const odd = net.node(operator, ['input', net.weights('u', weights)], { group: int(group) }, 'the odd one') // prettier-ignore
    return net.finish(net.node('Flatten', [net.node('GlobalAveragePool', [odd])]))
  }

  // Two channels come in.
  test.each<[string, readonly number[], number]>([
    ['Conv', [2, 2, 1, 1], 7],
    ['Conv', [2, 2, 1, 1], 0],
    ['Conv', [3, 1, 1, 1], 2],
    ['Conv', [2, 5, 1, 1], 1],
    ['ConvTranspose', [2, 2, 1, 1], 7],
    ['ConvTranspose', [3, 2, 1, 1], 1],
  ])('%s with weights %j in %d', async (operator, weights, group) => {
    const { code, message } = await refusal(grouped(operator, weights, group))
    expect(code).toBe('invalid-model')
    expect(message).toContain(`node “the odd one” (${operator})`)
  })
})

describe('the number of classes that a file states', () => {
  const classesOf = async (dims: readonly (number | null)[]) => {
    const graph: Graph = {
      name: 'g',
      nodes: [{ name: 'r', operator: 'Relu', domain: '', inputs: ['x'], outputs: ['y'], attributes: new Map() }], // prettier-ignore
      initializers: new Map(),
      inputs: [{ name: 'x', dataType: DataType.float, dims }],
      outputs: [{ name: 'y', dataType: DataType.float, dims }],
    }
    const opsets = new Map([['', 17]])
    return (
      await inspectGraph(writeModel({ irVersion: 8, producer: '', opsets, graph }), 'epsilon')
    ).classCount
  }

  test('is that of one sample, along whatever axis', async () => {
    expect(await classesOf([1, 4])).toBe(4)
    expect(await classesOf([null, 1, 4])).toBe(4)
    expect(await classesOf([1, 4, 1, 1])).toBe(4)
    expect(await classesOf([null, null])).toBeNull()
    expect(await classesOf([1, 4, null, null])).toBeNull()
    expect(await classesOf([4])).toBeNull()
  })
})

test('a group before zBox is refused by an operator that the file has', async () => {
  const net = new SmallNetwork([2, 4, 4])
  const axes = { axes: ints([2, 3]) }
  const centred = net.node('Sub', ['input', net.node('ReduceMean', ['input'], axes)])
  const spread = net.node('ReduceMean', [net.node('Mul', [centred, centred])], axes)
  const one = net.node('Div', [centred, net.node('Sqrt', [spread])], {}, 'the quotient')
  const conv = net.node('Conv', [one, net.weights('w', [3, 2, 3, 3])])
  const bytes = net.finish(net.node('Flatten', [net.node('GlobalAveragePool', [conv])]))
  const parameters = { low: -1, high: 1 }
  await expect(
    createExplainer(bytes, { method: 'epsilon-gamma-box', parameters, start: 'logit', batch: 1 }),
  ).rejects.toMatchObject({
    code: 'unsupported-operator',
    message: expect.stringMatching(/^Node “the quotient” \(Div\) lies between the input and/),
  })
})
