import { allFinite } from '../../arrays/finite'
import { floatsOf } from '../../onnx/elements'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import { NodeRefusal } from '../nodeRefusal'

/** Operators whose constants take part in sums; bounds and padding may well be infinite. */
const summing = new Set(['Conv', 'Gemm', 'MatMul', 'BatchNormalization', 'Add', 'Sum', 'Sub', 'Mul', 'Div']) // prettier-ignore

/**
 * A weight that is not a number spreads, or hides behind a ReLU or a maximum: neither may be explained.
 * @throws AppError `invalid-model` naming the node.
 */
export function assertFiniteWeights(
  nodes: readonly Node[],
  constants: ReadonlyMap<string, Tensor>,
): void {
  for (const node of nodes) {
    if (!summing.has(node.operator)) continue
    for (const input of node.inputs) {
      const tensor = constants.get(input)
      if (tensor?.dataType !== DataType.float || allFinite(floatsOf(tensor))) continue
      throw new NodeRefusal(
        node,
        'has weights that are not finite numbers',
        'Check the training and the export of the model.',
        'invalid-model',
      )
    }
  }
}
