import type { NodeTreatment } from '../../../shared/explanation/coverage'
import type { Node, Tensor } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import type { Composite, LayerPlace, ReluGradient } from '../composites'
import type { LedgerWriter } from '../ledger'
import type { Network, NetworkNode } from '../network'
import type { Signal } from '../signal'

/** What an operator's backward function works with. */
export interface BackwardContext {
  readonly builder: GraphBuilder
  readonly network: Network
  /** Null in gradient methods. */
  readonly composite: Composite | null
  readonly ledger: LedgerWriter | null
  readonly place: (node: Node) => LayerPlace
  /** What ReLU does to a gradient: its derivative, or that of guided backpropagation or of a deconvnet. */
  readonly relu: ReluGradient
  /** Explanations of one sample in one run; above 1 only with a batch of 1. */
  readonly starts: number
  /** Shape of relevance at a value: the value's own, its first axis times the number of starts. */
  relevanceShape(value: string): readonly number[]
  /** No linear layer lies between the network's input and this node. */
  readonly isPreprocessing: (node: Node) => boolean
  /** Hands relevance (or gradient) to a value; what several consumers send is added up. */
  send(value: string, signal: Signal): void
}

/** What is known of a node from the file alone, before anything runs. */
export interface NodeFacts {
  isConstant(value: string): boolean
  /** The numbers of a constant, where they are known by now. */
  constant?(value: string): Tensor | undefined
}

/** One row of the operator table. */
export interface Operator {
  readonly names: readonly string[]
  readonly kind: Extract<NodeTreatment['kind'], 'rule' | 'route' | 'pass' | 'stop'>
  /** What happens here, for the coverage list; linear layers name their rule instead. */
  readonly detail: string
  /** Whether the composite chooses this node's rule; absent where `detail` says so for all. */
  readonly isLinear?: (node: Node, facts: NodeFacts) => boolean
  /** Why this very node can neither be explained nor differentiated, or null. */
  readonly refuse?: (node: NetworkNode, facts: NodeFacts) => string | null
  /**
   * Why this node has a gradient but no rule, or null. Relevance methods then refuse it, unless the caller
   * asked for the gradient there; `backward` is only ever called without a composite.
   */
  readonly noRule?: (node: NetworkNode, facts: NodeFacts) => string | null
  /**
   * Sends relevance (or, without a composite, the gradient) from one of the node's outputs to its inputs.
   * @param output which one; 0 but for operators with several, such as Split.
   */
  readonly backward: (
    node: NetworkNode,
    signal: Signal,
    context: BackwardContext,
    output: number,
  ) => void
  /**
   * The same for all outputs at once, where that is less work; null for those where nothing has arrived.
   */
  readonly backwardAll?: (
    node: NetworkNode,
    signals: readonly (Signal | null)[],
    context: BackwardContext,
  ) => void
}

/** What the layers need of it. */
export type LayerContext = Pick<
  BackwardContext,
  'builder' | 'network' | 'starts' | 'relevanceShape'
>

export function inputOf(node: Node, at = 0): string {
  return node.inputs[at] ?? ''
}

export function outputOf(node: Node): string {
  return node.outputs[0] ?? ''
}

/** The refusal of a shape that depends on the pixels: shapes are fixed when the graph is compiled. */
export function shapedByConstants(node: Node, facts: NodeFacts): string | null {
  return node.inputs.slice(1).every((value) => value === '' || facts.isConstant(value))
    ? null
    : 'its shape must not depend on the pixels'
}
