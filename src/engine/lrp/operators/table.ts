import type { Node } from '../../onnx/model'
import { activations } from './activations'
import { arithmetic } from './arithmetic'
import { averagePooling } from './averagePooling'
import { bilinear } from './bilinear'
import { groupOperators } from './groups'
import { cumulativeSum } from './cumulative'
import { convolution, dense, transposedConvolution } from './linear'
import { lrn } from './lrn'
import { maxPooling } from './maxPooling'
import type { Differentiate } from './members'
import { batchNormalization } from './normalisation'
import type { NodeFacts, Operator } from './operator'
import { powerSums } from './powerSums'
import { resize } from './resize'
import { routes } from './routes/table'
import { softmaxes } from './softmax'
import { stops } from './stops'
import { trigonometry } from './trigonometry'
import { winning } from './winners'

const operators: readonly Operator[] = [
  convolution,
  transposedConvolution,
  dense,
  bilinear,
  ...activations,
  ...trigonometry,
  batchNormalization,
  ...arithmetic,
  ...averagePooling,
  ...powerSums,
  cumulativeSum,
  lrn,
  maxPooling,
  ...winning,
  resize,
  ...routes,
  stops,
  ...softmaxes,
]

const differentiate: Differentiate = (node, signal, context, output) => {
  const operator = operatorFor(node.operator)
  if (!operator) throw new Error(`${node.operator} has no derivative`)
  operator.backward(node, signal, context, output)
}

const byName: ReadonlyMap<string, Operator> = new Map(
  [...operators, ...groupOperators(differentiate)].flatMap((operator) =>
    operator.names.map((name) => [name, operator]),
  ),
)

/** The row for a node's operator; null where there is none. */
export function operatorFor(name: string): Operator | null {
  return byName.get(name) ?? null
}

/** Whether a node is a linear layer, whose rule the composite chooses. */
export function isLinearLayer(node: Node, facts: NodeFacts): boolean {
  const operator = operatorFor(node.operator)
  return operator?.isLinear?.(node, facts) ?? operator?.detail === 'by composite'
}

/** Every operator that can lie on the way from the input to the logits. */
export const supportedOperators: readonly string[] = [
  ...operators.flatMap(({ names }) => names),
  'Identity',
  'Dropout',
  'Constant',
].toSorted()
