import { intsOf, stringOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import { sizeOf } from '../network'
import { NodeRefusal } from '../nodeRefusal'

/** 2 GB of float32, the most that ONNX Runtime is asked for at once. */
const mostElements = 2 ** 29

/**
 * Values of no elements can be given no relevance, and values of too many end the process for want of memory.
 * What a window larger than its input makes, ONNX Runtime contradicts itself about.
 * @throws AppError `invalid-model` naming the node.
 */
export function assertSensibleSizes(
  nodes: readonly Node[],
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  for (const node of nodes) {
    assertWindowFits(node, shapes.get(node.inputs[0] ?? ''))
    for (const output of node.outputs) {
      const shape = shapes.get(output)
      const size = shape ? sizeOf(shape) : 1
      if (size > 0 && size <= mostElements) continue
      throw new NodeRefusal(
        node,
        `makes ${size === 0 ? 'nothing' : 'too much'}: ${shape?.join(' × ')} numbers`,
        'Check the model, and the input size in its card.',
        'invalid-model',
      )
    }
  }
}

const pooling = new Set(['MaxPool', 'AveragePool', 'LpPool'])

function assertWindowFits(node: Node, input: readonly number[] | undefined): void {
  const kernel = intsOf(node, 'kernel_shape')
  const padded = stringOf(node, 'auto_pad', 'NOTSET').startsWith('SAME')
  if (!pooling.has(node.operator) || !kernel || !input || padded) return
  const pads = intsOf(node, 'pads') ?? []
  const dilations = intsOf(node, 'dilations') ?? []
  const fits = kernel.every((size, axis) => {
    const room = (input[axis + 2] ?? 1) + (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0)
    return room >= (size - 1) * (dilations[axis] ?? 1) + 1
  })
  if (fits) return
  throw new NodeRefusal(
    node,
    `has windows of ${kernel.join(' × ')} on an input of ${input.slice(2).join(' × ')}`,
    'Choose a larger input size in the model card.',
    'invalid-model',
  )
}
