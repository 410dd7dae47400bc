import type { GraphIndex } from '../onnx/graphIndex'
import type { Node, Tensor } from '../onnx/model'

/** They move, repeat or cut an attention matrix. */
const moving = new Set([
  'Reshape',
  'Transpose',
  'Expand',
  'Tile',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Cast',
  'Slice',
  'Split',
  'Gather',
  'Concat',
])
/** They mask or scale one, where all that they read besides is constant. */
const masking = new Set(['Mul', 'Div', 'Where'])

interface Graph {
  readonly index: GraphIndex
  readonly constants: ReadonlyMap<string, Tensor>
}

/** Whether a value says where to look: what a Softmax puts out, perhaps moved or masked on the way. */
export function isAttention(graph: Graph, value: string): boolean {
  let at = value
  for (;;) {
    const node = graph.index.producer(at)
    if (!node) return false
    if (node.operator === 'Softmax') return true
    const activations = node.inputs.filter((input) => input !== '' && !graph.constants.has(input))
    const [only, ...others] = activations
    if (only === undefined || others.length > 0 || !passesOn(node)) return false
    at = only
  }
}

function passesOn({ operator }: Node): boolean {
  return moving.has(operator) || masking.has(operator)
}
