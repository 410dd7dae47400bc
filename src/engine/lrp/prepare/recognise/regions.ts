import { indexGraph, type GraphIndex } from '../../../onnx/graphIndex'
import type { Attribute, Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import type { NodeFacts } from '../../operators/operator'

/** Functions of one number at a time. */
const unary = new Set([
  'Abs', 'Cast', 'Celu', 'Clip', 'Dropout', 'Elu', 'Erf', 'Exp', 'Gelu', 'HardSigmoid', 'HardSwish', 'Identity',
  'LeakyRelu', 'Log', 'Mish', 'Neg', 'PRelu', 'Reciprocal', 'Relu', 'Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Sqrt',
  'Tanh', 'ThresholdedRelu',
]) // prettier-ignore

/** Functions of several numbers at the same place. */
const joining = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Sum', 'Mean'])

/** They take many numbers of a value together. */
const reducing = new Set([
  'ReduceMean', 'ReduceSum', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2', 'GlobalAveragePool',
]) // prettier-ignore

/** What is noted of a group; it never reaches ONNX Runtime, which sees the members. */
export type Attributes = Readonly<Record<string, Attribute>>

export type NodeTest = (node: Node) => boolean

export const isElementwise: NodeTest = (node) =>
  node.operator === elementwiseFunction ||
  node.operator === hardSigmoid ||
  (node.domain === '' && (unary.has(node.operator) || joining.has(node.operator)))

export const isReduction: NodeTest = (node) => node.domain === '' && reducing.has(node.operator)

/** A measure of many numbers, brought to the shape of what it divides. */
export const isRepetition: NodeTest = (node) => node.domain === '' && node.operator === 'Expand'

/** A group that computes a function of one number at a time: an activation written out. */
export const elementwiseFunction = 'pixelwise.Elementwise'
/** A group that is the hard sigmoid: a gate, where it multiplies. */
export const hardSigmoid = 'pixelwise.HardSigmoid'
/** A group that divides a value by a measure of its own spread. */
export const normalisation = 'pixelwise.Normalisation'
/** A group that multiplies numbers of one value with each other. */
export const repeatedProduct = 'pixelwise.Product'
/** A softmax written out. */
export const softmax = 'pixelwise.Softmax'

/** The nodes as they are so far, with what is known of them. */
export interface Workspace {
  readonly nodes: readonly NetworkNode[]
  readonly index: GraphIndex<NetworkNode>
  readonly facts: NodeFacts
}

export function workspaceOf(nodes: readonly NetworkNode[], facts: NodeFacts): Workspace {
  return { nodes, index: indexGraph(nodes), facts }
}

export function activationsOf(node: Node, facts: NodeFacts): string[] {
  return [...new Set(node.inputs)].filter((value) => value !== '' && !facts.isConstant(value))
}

/** How far a function written out may reach; more is no activation. */
const mostNodes = 64

/** The part of a graph between one value and a node, both ends seen as one function. */
export interface Region {
  /** The one value that it is a function of. */
  readonly source: string
  /** From the source to the node, the node included, in the order of the graph. */
  readonly nodes: ReadonlySet<NetworkNode>
}

/**
 * The smallest region that ends in `end`, is made of nodes that `may` be part of it, and depends on one
 * value alone: values join on the way back until one is left.
 */
export function regionBefore(end: NetworkNode, work: Workspace, may: NodeTest): Region | null {
  const place = new Map(work.nodes.map((node, at) => [node, at]))
  const inside = new Set<NetworkNode>([end])
  const open = new Set(activationsOf(end, work.facts))
  const placeOf = (value: string): number => {
    const producer = work.index.producer(value)
    return producer ? (place.get(producer) ?? -1) : -1
  }
  while (open.size > 1) {
    // The latest value is the one that the others cannot depend on.
    const latest = [...open].reduce((a, b) => (placeOf(b) > placeOf(a) ? b : a))
    const producer = work.index.producer(latest)
    if (!producer || !may(producer) || inside.size >= mostNodes) return null
    inside.add(producer)
    open.delete(latest)
    for (const value of producer.outputs) open.delete(value)
    for (const value of activationsOf(producer, work.facts)) open.add(value)
  }
  const [source] = open
  if (source === undefined || inside.size < 2) return null
  return regionOf(source, [...inside], work)
}

/** What hands every number on as it is. */
const handing = new Set(['Identity', 'Cast'])
/** What may also lie between a measure of many numbers and what it is brought to the shape of. */
export const reshaping = new Set([...handing, 'Reshape', 'Squeeze', 'Unsqueeze', 'Expand'])

/** The node, of one of some operators, that makes a value, and behind it what only hands the value on. */
export function madeBy<N extends Node>(
  value: string,
  operators: ReadonlySet<string>,
  { index }: { readonly index: GraphIndex<N> },
  between: ReadonlySet<string> = handing,
): readonly [N, ...N[]] | null {
  const passed: N[] = []
  let node = index.producer(value)
  while (node?.domain === '' && !operators.has(node.operator) && between.has(node.operator)) {
    passed.push(node)
    node = index.producer(node.inputs[0] ?? '')
  }
  return node?.domain === '' && operators.has(node.operator) ? [node, ...passed] : null
}

/** A region of these nodes, once each and in the order of the graph. */
export function regionOf(source: string, nodes: readonly NetworkNode[], work: Workspace): Region {
  const inside = new Set(nodes)
  return { source, nodes: new Set(work.nodes.filter((node) => inside.has(node))) }
}

/**
 * Puts a group in the place of a region's last node. What others use of the inside stays outside, so that
 * it keeps its own relevance.
 */
export function grouped(
  {
    region: { source, nodes },
    operator,
    attributes = {},
  }: {
    readonly region: Region
    readonly operator: string
    readonly attributes?: Attributes
  },
  end: NetworkNode,
  work: Workspace,
): NetworkNode[] {
  const members = new Set(nodes)
  for (const node of [...nodes].toReversed()) {
    if (node === end) continue
    const private_ = node.outputs.every((value) => {
      const consumers = work.index.consumers(value)
      return value === '' || (consumers.length > 0 && consumers.every((user) => members.has(user)))
    })
    if (!private_) members.delete(node)
  }
  const inner = [...members].flatMap((node) => node.members ?? [node])
  const made = new Set(inner.flatMap((node) => node.outputs))
  const others = inner
    .flatMap((node) => activationsOf(node, work.facts))
    .filter((value) => value !== source && !made.has(value))
  const group: NetworkNode = {
    name: end.name,
    operator,
    domain: '',
    inputs: [source, ...new Set(others)],
    outputs: end.outputs,
    attributes: new Map(Object.entries(attributes)),
    members: inner,
  }
  return work.nodes.flatMap((node) => {
    if (node === end) return [group]
    return members.has(node) ? [] : [node]
  })
}
