import { floatOf, stringOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import type { NetworkNode } from '../network'

/** Operators whose output is never negative. */
export const neverNegative: ReadonlySet<string> = new Set([
  'Abs', 'Exp', 'GlobalLpPool', 'HardSigmoid', 'LpPool', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare', 'Relu', 'Sigmoid',
  'Softmax', 'Softplus', 'Sqrt',
]) // prettier-ignore

/** Operators whose output is not negative when no activation they read is. */
const keeping = new Set([
  'Add', 'AveragePool', 'Concat', 'CumSum', 'Div', 'GlobalAveragePool', 'GlobalMaxPool', 'MaxPool', 'Min', 'Mul', 'Pad',
  'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum', 'ScatterElements', 'ScatterND', 'Sum',
]) // prettier-ignore

/** They move elements of their first input; the others say which. */
const moving = new Set([
  'DepthToSpace', 'Expand', 'Gather', 'GatherElements', 'GatherND', 'Reshape', 'Slice', 'SpaceToDepth', 'Split', 'Tile',
  'TopK', 'Transpose',
]) // prettier-ignore

/** The values that cannot be below zero, whatever the input: z⁺ and γ then need half the work. */
export function findNonNegative(
  nodes: readonly NetworkNode[],
  constants: ReadonlyMap<string, Tensor>,
): Set<string> {
  const found = new Set<string>()
  const notNegative = (value: string | undefined): boolean => {
    if (value === undefined || value === '' || found.has(value)) return true
    const constant = constants.get(value)
    if (!constant) return false
    return constant.dataType !== DataType.float || floatsOf(constant).every((number) => number >= 0)
  }
  for (const node of nodes) {
    // A group is what its members make, or what it is known to be as a whole.
    for (const each of [...(node.members ?? []), node]) {
      if (isNotNegative(each, notNegative)) for (const output of each.outputs) found.add(output)
    }
  }
  return found
}

function isNotNegative(node: Node, notNegative: (value: string | undefined) => boolean): boolean {
  const { operator, inputs } = node
  if (neverNegative.has(operator)) return true
  if (keeping.has(operator)) return inputs.every(notNegative)
  if (moving.has(operator)) return notNegative(inputs[0])
  switch (operator) {
    case 'Max':
      return inputs.some(notNegative)
    case 'Where':
      return inputs.slice(1).every(notNegative)
    case 'Clip':
      return (inputs[1] ?? '') !== '' && inputs.slice(1).every(notNegative)
    case 'Resize':
      // Cubic interpolation has negative weights.
      return stringOf(node, 'mode', 'nearest') !== 'cubic' && notNegative(inputs[0])
    case 'LRN':
      // Divided by a power of what is positive.
      return (
        floatOf(node, 'alpha', 1e-4) >= 0 && floatOf(node, 'bias', 1) > 0 && notNegative(inputs[0])
      )
    default:
      return false
  }
}
