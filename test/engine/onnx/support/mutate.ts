import { DataType, type Attribute, type Graph, type Model, type Node, type Tensor, type Value } from '../../../../src/engine/onnx/model' // prettier-ignore
import { readModel } from '../../../../src/engine/onnx/read'
import { writeModel } from '../../../../src/engine/onnx/write'
import type { Random } from './random'

/** A file made from a good one, and what was done to it. */
export interface Mutant {
  readonly bytes: Uint8Array
  readonly what: string
}

/** One to three faults in the bytes or in the fields of an ONNX file. */
export function mutate(good: Uint8Array, random: Random): Mutant {
  if (random.integer(6) === 0) return mutateBytes(good, random)
  let model = readModel(good)
  const done: string[] = []
  for (let faults = 1 + Math.floor(random.integer(8) / 6); faults > 0; faults--) {
    const [name, fault] = random.pick(graphFaults)
    done.push(name)
    model = fault(model, random)
  }
  return { bytes: writeModel(model), what: done.join(', ') }
}

function mutateBytes(good: Uint8Array, random: Random): Mutant {
  const bytes = Uint8Array.from(good)
  const at = random.integer(bytes.length)
  // The graph's structure lies at the beginning of most files, its weights behind.
  const early = random.integer(Math.min(4000, bytes.length))
  switch (random.integer(5)) {
    case 0:
      return { bytes: bytes.subarray(0, at), what: 'cut off' }
    case 1:
      return { bytes: bytes.subarray(at), what: 'beginning lost' }
    case 2: {
      const length = 1 + random.integer(64)
      bytes.copyWithin(early, at, at + length)
      return { bytes, what: 'bytes copied over others' }
    }
    case 3: {
      const left = new Uint8Array(bytes.length - 1)
      left.set(bytes.subarray(0, early))
      left.set(bytes.subarray(early + 1), early)
      return { bytes: left, what: 'a byte lost' }
    }
    default:
      for (let count = 1 + random.integer(8); count > 0; count--)
        bytes[random.integer(Math.min(6000, bytes.length))] = random.integer(256)
      return { bytes, what: 'bytes changed' }
  }
}

type Fault = (model: Model, random: Random) => Model

const inGraph =
  (change: (graph: Graph, random: Random) => Partial<Graph>): Fault =>
  (model, random) => ({ ...model, graph: { ...model.graph, ...change(model.graph, random) } })

const inNode = (change: (node: Node, random: Random, graph: Graph) => Partial<Node>): Fault =>
  inGraph((graph, random) => {
    const at = random.integer(graph.nodes.length)
    const nodes = graph.nodes.map((node, index) =>
      index === at ? { ...node, ...change(node, random, graph) } : node,
    )
    return { nodes }
  })

const inTensor = (change: (tensor: Tensor, random: Random) => Partial<Tensor>): Fault =>
  inGraph((graph, random) => {
    const name = random.oneOf([...graph.initializers.keys()])
    const tensor = name === null ? undefined : graph.initializers.get(name)
    if (name === null || !tensor) return {}
    const changed = { ...tensor, ...change(tensor, random) }
    return { initializers: new Map(graph.initializers).set(name, changed) }
  })

const inInput = (change: (value: Value, random: Random) => Partial<Value>): Fault =>
  inGraph((graph, random) => ({
    inputs: graph.inputs.map((input) => ({ ...input, ...change(input, random) })),
  }))

const sizes = [0, 1, 2, 3, 4, 7, 8, 9, 16, 100, -1, -2, -100, 1000, 65_537, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40, Number.MAX_SAFE_INTEGER] as const // prettier-ignore
const numbers = [0, 1, -1, 0.5, 1e-30, 1e30, -1e38, Number.NaN, Infinity, -Infinity] as const
const operators = ['Relu', 'Conv', 'Gemm', 'MatMul', 'Add', 'Mul', 'Div', 'Sub', 'Reshape', 'Flatten', 'Transpose', 'Squeeze', 'Unsqueeze', 'Concat', 'Softmax', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'BatchNormalization', 'Clip', 'Pad', 'Slice', 'Gather', 'Split', 'Resize', 'Expand', 'Tile', 'ConstantOfShape', 'ReduceMean', 'ReduceSum', 'Identity', 'Dropout', 'Shape', 'Cast', 'QuantizeLinear', 'DequantizeLinear', 'QLinearConv', 'LRN', 'LayerNormalization', 'ConvTranspose', 'InstanceNormalization', 'ArgMax', 'TopK', 'Erf', 'Where', 'If', 'Loop', 'Einsum', 'DepthToSpace', 'GlobalMaxPool', 'LeakyRelu', 'Sigmoid', 'Tanh', 'PRelu', 'Pow', 'Sqrt', 'Upsample', 'Range', 'NonZero', 'OneHot', 'Constant', 'Sum', 'Max', 'Min', 'Scan', 'GridSample', 'LSTM', 'Hardmax', 'Nonsense'] as const // prettier-ignore
const attributeNames = ['axis', 'axes', 'pads', 'strides', 'dilations', 'kernel_shape', 'group', 'auto_pad', 'perm', 'alpha', 'beta', 'transA', 'transB', 'epsilon', 'keepdims', 'to', 'ceil_mode', 'count_include_pad', 'mode', 'training_mode', 'spatial', 'block_size', 'min', 'max', 'value', 'equation', 'num_outputs', 'size'] as const // prettier-ignore
const types: readonly number[] = [...Object.values(DataType), 0, 8, 14, 99]

const size = (random: Random): number => random.pick(sizes)

function someAttribute(random: Random): Attribute {
  switch (random.integer(6)) {
    case 0:
      return { kind: 'int', value: size(random) }
    case 1:
      return { kind: 'ints', value: Array.from({ length: random.integer(6) }, () => size(random)) }
    case 2:
      return { kind: 'float', value: random.pick(numbers) }
    case 3:
      return { kind: 'floats', value: [random.pick(numbers), random.pick(numbers)] }
    case 4:
      return { kind: 'string', value: random.pick(['', 'SAME_UPPER', 'reflect', 'ij->ji', '\0']) }
    default:
      return {
        kind: 'tensor',
        value: { name: '', dims: [1], dataType: DataType.float, raw: new Uint8Array(4) },
      }
  }
}

/** The same kind of attribute with another number in it. */
function bent(attribute: Attribute, random: Random): Attribute {
  if (attribute.kind === 'int') return { ...attribute, value: size(random) }
  if (attribute.kind === 'float') return { ...attribute, value: random.pick(numbers) }
  if (attribute.kind !== 'ints') return someAttribute(random)
  const at = random.integer(attribute.value.length)
  return { kind: 'ints', value: attribute.value.map((v, i) => (i === at ? size(random) : v)) }
}

function anyValue(graph: Graph, random: Random): string {
  const made = graph.nodes.flatMap((node) => node.outputs)
  const all = [...made, ...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]
  return random.oneOf(all) ?? ''
}

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at)
const replaced = <T>(list: readonly T[], at: number, by: T): T[] =>
  list.map((value, index) => (index === at ? by : value))

const graphFaults: readonly [readonly [string, Fault], ...(readonly [string, Fault])[]] = [
  ['node dropped', inGraph(({ nodes }, random) => ({ nodes: without(nodes, random.integer(nodes.length)) }))], // prettier-ignore
  ['node bridged', inGraph(({ nodes }, random) => {
      const at = random.integer(nodes.length)
      const gone = nodes[at]
      const from = gone?.outputs[0]
      const to = gone?.inputs[0] ?? ''
      const rest = without(nodes, at)
      return { nodes: rest.map((node) => ({ ...node, inputs: node.inputs.map((input) => (input === from ? to : input)) })) } // prettier-ignore
    })], // prettier-ignore
  ['node twice', inGraph(({ nodes }, random) => ({ nodes: [...nodes, ...nodes.slice(random.integer(nodes.length)).slice(0, 1)] }))], // prettier-ignore
  ['node moved', inGraph(({ nodes }, random) => {
      const at = random.integer(nodes.length)
      const moved = nodes.slice(at, at + 1)
      const rest = without(nodes, at)
      const to = random.integer(nodes.length)
      return { nodes: [...rest.slice(0, to), ...moved, ...rest.slice(to)] }
    })], // prettier-ignore
  ['other operator', inNode((_, random) => ({ operator: random.pick(operators) }))],
  ['other domain', inNode((_, random) => ({ domain: random.pick(['com.microsoft', 'ai.onnx.ml', 'org.example']) }))], // prettier-ignore
  ['inputs swapped', inNode((node) => ({ inputs: node.inputs.toReversed() }))],
  ['input rewired', inNode((node, random, graph) => ({ inputs: replaced(node.inputs, random.integer(node.inputs.length), anyValue(graph, random)) }))], // prettier-ignore
  ['input left out', inNode((node, random) => ({ inputs: replaced(node.inputs, random.integer(node.inputs.length), '') }))], // prettier-ignore
  ['input lost', inNode((node, random) => ({ inputs: without(node.inputs, random.integer(node.inputs.length)) }))], // prettier-ignore
  ['input more', inNode((node, random, graph) => ({ inputs: [...node.inputs, anyValue(graph, random)] }))], // prettier-ignore
  ['output lost', inNode((node) => ({ outputs: node.outputs.slice(1) }))],
  ['output more', inNode((node, random) => ({ outputs: [...node.outputs, `more${random.integer(1e6)}`] }))], // prettier-ignore
  ['attribute lost', inNode((node, random) => ({ attributes: new Map(without([...node.attributes], random.integer(node.attributes.size))) }))], // prettier-ignore
  ['attribute more', inNode((node, random) => ({ attributes: new Map(node.attributes).set(random.pick(attributeNames), someAttribute(random)) }))], // prettier-ignore
  ['attribute bent', inNode((node, random) => {
      const chosen = random.oneOf([...node.attributes])
      return chosen ? { attributes: new Map(node.attributes).set(chosen[0], bent(chosen[1], random)) } : {} // prettier-ignore
    })], // prettier-ignore
  ['weights lost', inGraph(({ initializers }, random) => ({ initializers: new Map(without([...initializers], random.integer(initializers.size))) }))], // prettier-ignore
  ['weights swapped', inGraph(({ initializers }, random) => {
      const [a, b] = [random.oneOf([...initializers]), random.oneOf([...initializers])]
      if (!a || !b) return {}
      return { initializers: new Map(initializers).set(a[0], { ...b[1], name: a[0] }).set(b[0], { ...a[1], name: b[0] }) } // prettier-ignore
    })], // prettier-ignore
  ['weights reshaped', inTensor(({ dims }, random) => ({ dims: random.integer(2) === 0 ? dims.toReversed() : [dims.reduce((a, b) => a * b, 1)] }))], // prettier-ignore
  ['weights of other dims', inTensor(({ dims }, random) => ({ dims: replaced(dims, random.integer(dims.length), size(random)) }))], // prettier-ignore
  ['weights empty', inTensor(({ dims }) => ({ dims: [0, ...dims.slice(1)], raw: new Uint8Array() }))], // prettier-ignore
  ['weights of other type', inTensor((_, random) => ({ dataType: random.oneOf(types) ?? 0 }))], // prettier-ignore
  ['weights wild', inTensor(({ raw }, random) => {
      const wild = Uint8Array.from(raw)
      for (let count = 0; count < 8; count++) wild[random.integer(wild.length)] = random.integer(256) // prettier-ignore
      return { raw: wild }
    })], // prettier-ignore
  ['weights huge', inTensor((tensor, random) => {
      if (tensor.dataType !== DataType.float) return {}
      const values = new Float32Array(tensor.raw.length / 4).fill(random.pick(numbers))
      return { raw: new Uint8Array(values.buffer) }
    })], // prettier-ignore
  ['input of other dims', inInput(({ dims }, random) => ({ dims: replaced(dims, random.integer(dims.length), random.integer(3) === 0 ? null : size(random)) }))], // prettier-ignore
  ['input of other rank', inInput(({ dims }, random) => ({ dims: dims.slice(random.integer(4)) }))],
  ['input of other type', inInput((_, random) => ({ dataType: random.oneOf(types) ?? 0 }))], // prettier-ignore
  ['two inputs', inGraph(({ inputs }) => ({ inputs: [...inputs, ...inputs.map((input) => ({ ...input, name: `${input.name}2` }))] }))], // prettier-ignore
  ['other output', inGraph((graph, random) => ({ outputs: [{ name: anyValue(graph, random), dataType: DataType.float, dims: [] }] }))], // prettier-ignore
  ['outputs more', inGraph((graph, random) => ({ outputs: [...graph.outputs, { name: anyValue(graph, random), dataType: 0, dims: [] }] }))], // prettier-ignore
  ['no output', inGraph(() => ({ outputs: [] }))],
  ['other operator set', (model, random) => ({ ...model, opsets: new Map([['', random.pick([0, 1, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 24, 99, -1])]]) })], // prettier-ignore
  ['other IR version', (model, random) => ({ ...model, irVersion: random.pick([0, 1, 3, 7, 10, 12, 99, -1]) })], // prettier-ignore
]
