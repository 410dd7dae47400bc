import { AppError } from '../../../shared/errors'
import type { Node } from '../../onnx/model'
import { sizeOf } from '../network'

/** 2 GB of float32, the most that ONNX Runtime is asked for at once. */
const mostElements = 2 ** 29

/**
 * Values of no elements can be given no relevance, and values of too many end the process for want of memory.
 * @throws AppError `invalid-model` naming the node that makes one.
 */
export function assertSensibleSizes(
  nodes: readonly Node[],
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  for (const node of nodes) {
    for (const output of node.outputs) {
      const shape = shapes.get(output)
      const size = shape ? sizeOf(shape) : 1
      if (size > 0 && size <= mostElements) continue
      throw new AppError(
        'invalid-model',
        `Node “${node.name}” (${node.operator}) makes ${size === 0 ? 'nothing' : 'too much'}: ${shape?.join(' × ')} numbers.`,
        'Check the model, and the input size in its card.',
      )
    }
  }
}
