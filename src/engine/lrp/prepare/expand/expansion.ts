import type { NodeTreatment } from '../../../../shared/explanation/coverage'
import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import type { NodeFacts } from '../../operators/operator'
import type { NodeWriter } from '../nodeWriter'

/** What is known of a node from the file alone, and who reads what it makes. */
export interface ExpansionFacts extends NodeFacts {
  isRead(value: string): boolean
}

/** How one operator is written out in others: those of opset 17, and groups of them. */
export interface Expansion {
  /** `operator`, or `domain.operator` outside the standard. */
  readonly names: readonly string[]
  readonly kind: Extract<NodeTreatment['kind'], 'rule' | 'pass'>
  /** For the coverage list. */
  readonly detail: string
  /** Whether it holds a layer whose rule the composite chooses. */
  readonly isLinear?: (node: Node, facts: NodeFacts) => boolean
  /** Why this very node cannot be explained, or null; known before anything runs, without shapes. */
  readonly refuse?: (node: Node, facts: ExpansionFacts) => string | null
  /**
   * Writes what the node is made of.
   * @returns the writer's nodes, `finish`ed.
   * @throws AppError `unsupported-operator` for what only shapes can tell.
   */
  readonly expand: (node: Node, writer: NodeWriter) => NetworkNode[]
}

/** The refusal of parameters that depend on the pixels. */
export function constantFrom(at: number, what: string) {
  return (node: Node, { isConstant }: NodeFacts): string | null =>
    node.inputs.slice(at).every((value) => value === '' || isConstant(value))
      ? null
      : `${what} must be constant`
}
