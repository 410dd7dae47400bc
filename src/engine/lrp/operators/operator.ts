import type { NodeTreatment } from '../../../shared/explanation/coverage'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import type { Composite, LayerPlace } from '../composites'
import type { LedgerWriter } from '../ledger'
import type { Network } from '../network'
import type { Signal } from '../signal'

/** What an operator's backward function works with. */
export interface BackwardContext {
  readonly builder: GraphBuilder
  readonly network: Network
  /** Null in gradient methods. */
  readonly composite: Composite | null
  readonly ledger: LedgerWriter | null
  readonly place: (node: Node) => LayerPlace
  /** No linear layer lies between the network's input and this node. */
  readonly isPreprocessing: (node: Node) => boolean
  /** Hands relevance (or gradient) to a value; what several consumers send is added up. */
  send(value: string, signal: Signal): void
}

/** What is known of a node from the file alone, before anything runs. */
export interface NodeFacts {
  isConstant(value: string): boolean
}

/** One row of the operator table. */
export interface Operator {
  readonly names: readonly string[]
  readonly kind: Extract<NodeTreatment['kind'], 'rule' | 'route' | 'pass'>
  /** What happens here, for the coverage list; linear layers name their rule instead. */
  readonly detail: string
  /** Why this very node cannot be explained, or null. */
  readonly refuse?: (node: Node, facts: NodeFacts) => string | null
  /** Sends relevance (or, without a composite, the gradient) from the node's output to its inputs. */
  readonly backward: (node: Node, signal: Signal, context: BackwardContext) => void
}

export function inputOf(node: Node, at = 0): string {
  return node.inputs[at] ?? ''
}

export function outputOf(node: Node): string {
  return node.outputs[0] ?? ''
}

/** The inputs that carry activations, in order. */
export function activationInputs(node: Node, facts: NodeFacts): string[] {
  return node.inputs.filter((value) => value !== '' && !facts.isConstant(value))
}
