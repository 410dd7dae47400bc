import { floatTensor, floatsOf } from '../../onnx/elements'
import { indexGraph } from '../../onnx/graphIndex'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'

/** What a mask may pass on its way to what makes a zero of it, or leaves it out. */
const between = new Set([
  'Add', 'Sub', 'Where', 'Mul', 'Div', 'Max', 'ReduceMax', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Expand',
  'Cast', 'Identity', 'Dropout', 'Slice', 'Split', 'Gather', 'Concat',
]) // prettier-ignore
const exponentials = new Set(['Softmax', 'LogSoftmax', 'Exp'])
const maxima = new Set(['MaxPool', 'GlobalMaxPool', 'ReduceMax'])

/** Far below what any score reaches, and far from overflowing even where several are added. */
const masked = -1e30

/**
 * Attention is masked by adding −∞ before its softmax, and 0 · −∞ is not a number. A large negative number in
 * its place gives the same softmax to the bit, and its relevance is 0. So with what is never the largest.
 * Adds the constants it needs to `constants`.
 */
export function finiteMasks(nodes: readonly Node[], constants: Map<string, Tensor>): Node[] {
  const index = indexGraph(nodes)
  const reaching = new Set<Node>()
  const open = nodes
    .filter(({ operator }) => exponentials.has(operator) || maxima.has(operator))
    .flatMap((node) => node.inputs)
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const node = index.producer(value)
    if (!node || reaching.has(node) || node.domain !== '' || !between.has(node.operator)) continue
    reaching.add(node)
    open.push(...node.inputs)
  }
  const finite = (value: string): string => {
    const constant = constants.get(value)
    if (constant?.dataType !== DataType.float) return value
    const values = floatsOf(constant)
    if (!values.includes(Number.NEGATIVE_INFINITY)) return value
    const name = `${ownPrefix}finite:${value}`
    const numbers = values.map((number) => (number === Number.NEGATIVE_INFINITY ? masked : number))
    constants.set(name, floatTensor(name, constant.dims, numbers))
    return name
  }
  return nodes.map((node) =>
    reaching.has(node) ? { ...node, inputs: node.inputs.map(finite) } : node,
  )
}
