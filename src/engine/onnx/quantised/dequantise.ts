import { intOf } from '../attributes'
import { DataType, type Graph, type Model, type Node, type Value } from '../model'
import { indexGraph } from '../graphIndex'
import { uniqueNames } from '../names'
import { sortNodes } from '../sortNodes'
import { isFloat } from '../valueTypes'
import { DynamicQuantisation } from './dynamic'
import { rewrites } from './operators'
import {
  isPlain,
  NotInRealNumbers,
  notInRealNumbers,
  wholeRange,
  type Quantisation,
} from './quantisation'
import { Rewriting } from './rewriting'

export interface Dequantised {
  /** The same network in real numbers; every value keeps its name. */
  readonly model: Model
  /** What whole numbers of the original stand for, by value. */
  readonly quantised: ReadonlyMap<string, Quantisation>
  /** Whether anything was rounded to whole numbers: then the original's logits differ by that. */
  readonly rounds: boolean
  /** The nodes that could not be rewritten, and why. They matter only on the way to the logits. */
  readonly refused: ReadonlyMap<string, NotInRealNumbers>
}

/** Operators that move or choose elements: what they read and make stands for the same numbers. */
const moving = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'MaxPool', 'Concat', 'Split', 'Slice', 'Gather', 'Expand', 'Tile', 'Resize', 'Upsample', 'Pad', 'DepthToSpace', 'SpaceToDepth', 'Dropout']) // prettier-ignore
/** Operators that read whole numbers as well as any: their order is that of the real ones. */
const ordering = new Set(['Shape', 'Size', 'ArgMax', 'ArgMin', 'TopK'])

/**
 * Writes a quantised network in real numbers: weights and biases by their scales, activations without the
 * rounding but cut off to the range that their type represents. Whole-number inputs stand for themselves.
 */
export function dequantise(model: Model): Dequantised {
  const { graph } = model
  const to = new Rewriting(graph, model.opsets.get('') ?? 0)
  const dynamic = new DynamicQuantisation(to)
  const refused = new Map<string, NotInRealNumbers>()
  for (const { name, dataType } of graph.inputs) {
    if (wholeRange(dataType)) to.quantised.set(name, { scale: 1, zeroPoint: 0, dataType })
  }
  for (const node of graph.nodes) {
    try {
      rewrite(node, to, dynamic)
    } catch (error) {
      if (!(error instanceof NotInRealNumbers)) throw error
      refused.set(node.name, error)
      to.keep(node)
    }
  }
  const nameOf = uniqueNames([])
  const nodes =
    refused.size === 0 ? to.nodes : sortNodes([...to.nodes, ...leftOut(graph, to.nodes)])
  const rewritten: Graph = {
    ...graph,
    nodes: nodes.map((node) => ({ ...node, name: nameOf(node.name) })),
    initializers: to.initializers,
    inputs: graph.inputs.map((input) => asFloat(input, to)),
    outputs: graph.outputs.map((output) => asFloat(output, to)),
  }
  return {
    model: { ...model, graph: rewritten },
    quantised: to.quantised,
    rounds: to.rounds,
    refused,
  }
}

/**
 * What nodes that were kept because they could not be rewritten read, as the original makes it: the way from the input
 * to the logits has to be whole to say which of them lie on it.
 */
function leftOut({ nodes }: Graph, kept: readonly Node[]): Node[] {
  const made = new Set(kept.flatMap(({ outputs }) => outputs))
  const { producer } = indexGraph(nodes)
  const found: Node[] = []
  const wanted = kept.flatMap(({ inputs }) => inputs)
  for (let value = wanted.pop(); value !== undefined; value = wanted.pop()) {
    const node = made.has(value) ? null : producer(value)
    if (!node) continue
    found.push(node)
    for (const output of node.outputs) made.add(output)
    wanted.push(...node.inputs)
  }
  return found
}

function asFloat(value: Value, to: Rewriting): Value {
  return to.quantised.has(value.name) ? { ...value, dataType: DataType.float } : value
}

function rewrite(node: Node, to: Rewriting, dynamic: DynamicQuantisation): void {
  const given = node.inputs.filter((input) => input !== '')
  if (given.every((input) => to.isFixed(input))) {
    to.keep(node)
    return
  }
  const known = rewrites.get(`${node.domain}.${node.operator}`)
  if (known) {
    known(node, to)
    return
  }
  if (node.domain === '' && dynamic.take(node)) return
  const whole = given.filter((input) => to.quantised.has(input))
  const [first] = whole
  const quantisation = first === undefined ? undefined : to.quantised.get(first)
  if (!quantisation || ordering.has(node.operator)) to.keep(node)
  else if (node.operator === 'Cast') cast(node, quantisation, to)
  else if (node.domain === '' && moving.has(node.operator)) move(node, quantisation, to)
  else throw notInRealNumbers(node, 'it computes with whole numbers')
}

/** Pixels become floats as they are, or whole numbers of a type that can hold them. */
function cast(node: Node, from: Quantisation, to: Rewriting): void {
  const dataType = intOf(node, 'to', 0)
  const [x = ''] = node.inputs
  const [output = ''] = node.outputs
  const [low, high] = wholeRange(from.dataType) ?? [0, 0]
  const [least, most] = dataType === DataType.int64 ? [low, high] : (wholeRange(dataType) ?? [0, 0])
  const holds = isFloat(dataType) || (least <= low && most >= high)
  if (!isPlain(from) || !holds)
    throw notInRealNumbers(node, 'it makes other numbers of the whole ones that it reads')
  to.emit(node, 'Identity', [x], output)
  if (!isFloat(dataType)) to.quantised.set(output, { ...from, dataType })
}

function move(node: Node, quantisation: Quantisation, to: Rewriting): void {
  const several = node.operator === 'Concat' ? node.inputs : node.inputs.slice(0, 1)
  const inputs = several.map((input) => to.real(node, input, quantisation))
  const others = node.inputs.slice(several.length)
  if (node.operator === 'Pad') others[1] = paddingOf(node, quantisation, to)
  to.keep({ ...node, inputs: [...inputs, ...others] })
  const made = node.operator === 'Split' ? node.outputs : node.outputs.slice(0, 1)
  for (const output of made) to.quantised.set(output, quantisation)
}

/** What a Pad node puts around, which is a whole number, too; 0 where it says nothing. */
function paddingOf(node: Node, quantisation: Quantisation, to: Rewriting): string {
  const [, , value = ''] = node.inputs
  const whole = value === '' ? 0 : to.number(node, value, 'padding')
  const real = (whole - quantisation.zeroPoint) * quantisation.scale
  if (to.opset < 11) throw notInRealNumbers(node, 'its padding is an attribute')
  return to.constant(node, 'padding', [], Float32Array.of(real))
}
