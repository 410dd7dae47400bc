import { floatsOf } from '../../onnx/elements'
import { DataType, type Node, type Tensor } from '../../onnx/model'

/** Operators whose output is never negative. */
const positive = new Set(['Relu', 'Sigmoid', 'Softmax', 'HardSigmoid', 'Softplus'])
/** Operators whose output is not negative when no activation they read is. */
const keeping = new Set([
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'ReduceMean',
  'Concat',
  'Add',
  'Sum',
  'Reshape',
  'Transpose',
])

/** The values that cannot be below zero, whatever the input: z⁺ and γ then need half the work. */
export function findNonNegative(
  nodes: readonly Node[],
  constants: ReadonlyMap<string, Tensor>,
): Set<string> {
  const found = new Set<string>()
  const notNegative = (value: string): boolean => {
    if (value === '' || found.has(value)) return true
    const constant = constants.get(value)
    if (!constant) return false
    return constant.dataType !== DataType.float || floatsOf(constant).every((number) => number >= 0)
  }
  for (const node of nodes) {
    const holds =
      positive.has(node.operator) ||
      (keeping.has(node.operator) && node.inputs.every(notNegative)) ||
      (node.operator === 'Pad' && node.inputs.every(notNegative)) ||
      (node.operator === 'Clip' &&
        (node.inputs[1] ?? '') !== '' &&
        node.inputs.slice(1).every(notNegative))
    if (holds) for (const output of node.outputs) found.add(output)
  }
  return found
}
