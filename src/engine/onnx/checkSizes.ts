import { AppError } from '../../shared/errors'
import { floatsOf, integersOf, isInteger } from './elements'
import { DataType, type Graph, type Node, type Tensor } from './model'

/** Above it ONNX Runtime takes minutes to open a graph; the largest classifiers have a tenth. */
const mostNodes = 30_000
/** 2 GB of float32, the most that ONNX Runtime is asked for at once. */
const mostElements = 2 ** 29

/**
 * A file of a few bytes may ask for more nodes, or larger constants, than a machine has time or memory for.
 * @throws AppError `invalid-model`
 */
export function checkSizes({ nodes, initializers }: Graph): void {
  if (nodes.length > mostNodes) {
    throw new AppError(
      'invalid-model',
      `The model has ${nodes.length} nodes; at most ${mostNodes} can be explained.`,
      'Choose a smaller model.',
    )
  }
  const constants = new Map(initializers)
  for (const node of nodes) {
    const value = node.operator === 'Constant' ? node.attributes.get('value') : undefined
    if (value?.kind === 'tensor') constants.set(node.outputs[0] ?? '', value.value)
  }
  for (const node of nodes) {
    const count = elementsMade(node, (input) => constants.get(node.inputs[input] ?? ''))
    if (count <= mostElements) continue
    throw new AppError(
      'invalid-model',
      `Node “${node.name}” (${node.operator}) makes too much: ${count} numbers or more.`,
      'Check the model with the tool that exported it, and export it again.',
    )
  }
}

/** At least so many, by the constants that a node reads; 0 where they do not tell. */
function elementsMade(node: Node, constant: (input: number) => Tensor | undefined): number {
  if (node.domain !== '') return 0
  switch (node.operator) {
    case 'ConstantOfShape':
      return product(constant(0))
    case 'Expand':
    case 'Tile':
      return product(constant(1))
    case 'Range': {
      const [start, limit, step] = [0, 1, 2].map((input) => numbersOf(constant(input))[0])
      if (start === undefined || limit === undefined || step === undefined) return 0
      return Math.max(0, Math.ceil((limit - start) / step)) || 0
    }
    default:
      return 0
  }
}

/** No sizes at all are one number; 0 among them leaves the others without meaning. */
function product(sizes: Tensor | undefined): number {
  return sizes ? numbersOf(sizes).reduce((made, size) => made * size, 1) : 0
}

function numbersOf(tensor: Tensor | undefined): readonly number[] {
  if (!tensor) return []
  if (isInteger(tensor.dataType)) return integersOf(tensor)
  return tensor.dataType === DataType.float ? [...floatsOf(tensor)] : []
}
