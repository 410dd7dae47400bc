import { Writer } from 'protobufjs/minimal.js'
import { describe, expect, test } from 'vitest'
import { readModel } from '../../../src/engine/onnx/read'
import { handModel, node, tensor } from './support/handModel'

const refused = (bytes: Uint8Array) => {
  try {
    readModel(bytes)
  } catch (error) {
    return error
  }
  return null
}

/** A model whose graph (field 7) is the given fields. */
function modelOf(write: (graph: Writer) => void): Uint8Array {
  const writer = Writer.create()
  writer.uint32(8).int64(8)
  writer.uint32((7 << 3) | 2).fork()
  write(writer)
  return writer.ldelim().finish()
}

/** A TensorProto as an initializer (field 5): float32 of the given dims, raw data of `bytes` zeros. */
function weights(graph: Writer, name: string, dims: readonly number[], bytes: number): void {
  graph.uint32((5 << 3) | 2).fork()
  for (const size of dims) graph.uint32(1 << 3).int64(size)
  graph.uint32(2 << 3).int32(1)
  graph.uint32((8 << 3) | 2).string(name)
  graph.uint32((9 << 3) | 2).bytes(new Uint8Array(bytes))
  graph.ldelim()
}

/** A NodeProto (field 1): Relu from x to y. */
function relu(graph: Writer): void {
  graph.uint32((1 << 3) | 2).fork()
  graph.uint32((1 << 3) | 2).string('x')
  graph.uint32((2 << 3) | 2).string('y')
  graph.uint32((4 << 3) | 2).string('Relu')
  graph.ldelim()
}

describe('tensors that contradict themselves', () => {
  test.each<[string, readonly number[], number, RegExp]>([
    ['too few bytes', [2, 2], 12, /“w” has 12 bytes where 16 are stated/],
    ['too many bytes', [2], 12, /“w” has 12 bytes where 8 are stated/],
    ['a negative dimension', [-1, 4], 16, /“w” cannot have -1 × 4 elements/],
    ['more elements than there are numbers', [2 ** 40, 2 ** 40], 0, /“w” cannot have/],
  ])('%s', (_, dims, bytes, said) => {
    const model = modelOf((graph) => {
      relu(graph)
      weights(graph, 'w', dims, bytes)
    })
    expect(refused(model)).toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(said),
    })
  })

  test('weights held twice', () => {
    const model = modelOf((graph) => {
      relu(graph)
      weights(graph, 'w', [1], 4)
      weights(graph, 'w', [1], 4)
    })
    expect(refused(model)).toMatchObject({ message: expect.stringContaining('“w” twice') })
  })

  test('sparse weights', () => {
    const model = modelOf((graph) => {
      relu(graph)
      // SparseTensorProto (field 15) with its values (field 1), a TensorProto named w.
      graph.uint32((15 << 3) | 2).fork()
      graph.uint32((1 << 3) | 2).fork()
      graph.uint32((8 << 3) | 2).string('w')
      graph.ldelim().ldelim()
    })
    expect(refused(model)).toMatchObject({ message: expect.stringMatching(/“w” as a sparse/) })
  })
})

describe('graphs', () => {
  const model = (nodes: Parameters<typeof handModel>[0]['nodes'], inputs: readonly string[] = []) =>
    handModel({
      nodes,
      tensors: [tensor('w', [1], [1])],
      dims: [1, 1],
      moreInputs: inputs.map((name) => ({ name, dataType: 1, dims: [1] })),
    })

  test.each<[string, Uint8Array, RegExp]>([
    ['a value that nothing makes', model([node('Relu', ['nowhere'], 'y')]), /“y” \(Relu\) reads the value “nowhere”, but the file has neither weights nor a node for it\.$/], // prettier-ignore
    ['a value made twice', model([node('Relu', ['x'], 'y'), node('Tanh', ['x'], 'y')]), /“y#2” \(Tanh\) makes the value “y” a second time\.$/], // prettier-ignore
    [
      'weights made again',
      model([node('Relu', ['x'], 'w')]),
      /“w” \(Relu\) makes the value “w” a second time\.$/,
    ],
    ['an input stated twice', model([node('Relu', ['x'], 'y')], ['x']), /^The model states its input “x” twice\.$/], // prettier-ignore
    ['a cycle', model([node('Add', ['x', 'b'], 'a'), node('Relu', ['a'], 'b')]), /waits for its own output.*cycle/], // prettier-ignore
  ])('with %s', (_, bytes, said) => {
    expect(refused(bytes)).toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(said),
    })
  })

  test('in any order are one graph', () => {
    const nodes = [node('Relu', ['x'], 'a'), node('Tanh', ['a'], 'b'), node('Add', ['a', 'b'], 'y')]
    const names = (bytes: Uint8Array) => readModel(bytes).graph.nodes.map(({ name }) => name)
    expect(names(model(nodes.toReversed()))).toEqual(['a', 'b', 'y'])
  })

  test('optional values at the end may be empty or missing', () => {
    const [read] = readModel(model([node('Clip', ['x', 'w', ''], ['y', ''])])).graph.nodes
    expect(read).toMatchObject({ inputs: ['x', 'w'], outputs: ['y'] })
    const [middle] = readModel(model([node('Clip', ['x', '', 'w'], 'y')])).graph.nodes
    expect(middle).toMatchObject({ inputs: ['x', '', 'w'] })
  })
})

describe('files that are no model', () => {
  const named = (text: string | Uint8Array) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
    try {
      readModel({ name: 'm.onnx', bytes, external: new Map() })
    } catch (error) {
      return error
    }
    return null
  }

  test.each<[string, RegExp, RegExp]>([
    ['hello, I am text', /^“m\.onnx” is not a readable ONNX model\.$/, /Export/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:4d\n', /^“m\.onnx” is a pointer of Git LFS/, /git lfs pull/], // prettier-ignore
    ['\n<!DOCTYPE html><html></html>', /^“m\.onnx” is a web page/, /Download the model itself/],
  ])('%j', (text, said, hint) => {
    expect(named(text)).toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(said),
      hint: expect.stringMatching(hint),
    })
  })

  test('hold no network', () => {
    const message = '“m.onnx” holds no network.'
    expect(named(modelOf(() => undefined))).toMatchObject({ message })
  })
})

describe('the operator set', () => {
  const at = (opset: number) => handModel({ nodes: [node('Relu', ['x'], 'y')], tensors: [], dims: [1, 1], opset }) // prettier-ignore

  test.each([6, 27, 99, -1])('%d is refused by its number', (opset) => {
    expect(refused(at(opset))).toMatchObject({
      code: 'invalid-model',
      message: `The model is written in operator set ${opset}; sets 7 to 26 can be read.`,
    })
  })

  test('is missing', () => {
    // Neither an opset_import (field 8), nor one without its number.
    const message = 'The model does not say which operator set it is written in.'
    const model = modelOf((graph) => {
      relu(graph)
      weights(graph, 'x', [1], 4)
    })
    expect(refused(model)).toMatchObject({ message })
    expect(refused(at(0))).toMatchObject({ message })
  })

  test.each([7, 17, 26])('%d is read', (opset) => {
    expect(refused(at(opset))).toBeNull()
  })
})

describe('sizes that no machine has the time or memory for', () => {
  const sizes = (numbers: readonly number[]) => tensor('s', [numbers.length], numbers, 7)
  const scalar = (name: string, value: number) => tensor(name, [], [value])
  const summed = (operator: string, inputs: readonly string[]) => [
    node(operator, inputs, 'k'),
    node('Add', ['x', 'k'], 'y'),
  ]

  test.each<[string, readonly string[], ReturnType<typeof tensor>[]]>([
    ['ConstantOfShape', ['s'], [sizes([1, 5, 20_000, 20_000])]],
    ['Expand', ['x', 's'], [sizes([2 ** 40])]],
    ['Tile', ['x', 's'], [sizes([1000, 1_000_000])]],
    ['Range', ['a', 'b', 'c'], [scalar('a', 0), scalar('b', 1e12), scalar('c', 1)]],
  ])('%s', (operator, inputs, tensors) => {
    const model = handModel({ nodes: summed(operator, inputs), tensors, dims: [1, 1] })
    expect(refused(model)).toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(
        new RegExp(`^Node “k” \\(${operator}\\) makes too much: \\d+`),
      ),
    })
  })

  test('but for those of the usual kind', () => {
    const tensors = [sizes([1, 1000])]
    for (const operator of ['Expand', 'Tile'])
      expect(refused(handModel({ nodes: summed(operator, ['x', 's']), tensors, dims: [1, 1] }))).toBeNull() // prettier-ignore
    const range = [scalar('a', 5), scalar('b', 0), scalar('c', 0)]
    expect(refused(handModel({ nodes: summed('Range', ['a', 'b', 'c']), tensors: range, dims: [1, 1] }))).toBeNull() // prettier-ignore
  })

  test('30,001 nodes', () => {
    const nodes = Array.from({ length: 30_001 }, (_, at) => node('Relu', [at === 0 ? 'x' : `v${at - 1}`], `v${at}`)) // prettier-ignore
    expect(
      refused(handModel({ nodes, tensors: [], dims: [1, 1], outputs: ['v30000'] })),
    ).toMatchObject({
      // prettier-ignore
      message: 'The model has 30001 nodes; at most 30000 can be explained.',
    })
  })
})

test('weights in a file that has no name', () => {
  const model = modelOf((graph) => {
    relu(graph)
    // A TensorProto (field 5) of one float named w, whose data_location (field 14) says EXTERNAL.
    graph.uint32((5 << 3) | 2).fork()
    graph.uint32(1 << 3).int64(1)
    graph.uint32(2 << 3).int32(1)
    graph.uint32((8 << 3) | 2).string('w')
    graph.uint32(14 << 3).int32(1)
    graph.ldelim()
  })
  expect(refused(model)).toMatchObject({
    message: 'The weights “w” lie in another file, but the model does not say in which.',
  })
})
