import { intOf, intsOf, stringOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { manyTimes } from '../../network'
import {
  inputOf,
  outputOf,
  shapedByConstants,
  type BackwardContext,
  type Operator,
} from '../operator'
import { moved, type Mover } from './moved'
import type { Signal } from '../../signal'

/** Every element goes to one place: nothing is lost, so nothing is recorded. */
function rearrange(node: Node, signal: Signal, context: BackwardContext, move: Mover): void {
  const input = inputOf(node)
  context.send(input, moved(signal, node, input, context.starts, move))
}

/** Flatten, Squeeze and Unsqueeze have become Reshape by the time they get here. */
const reshape: Operator = {
  names: ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  kind: 'route',
  detail: 'reshape',
  refuse: shapedByConstants,
  backward: (node, signal, context) => {
    const shape = context.network.shape(inputOf(node))
    rearrange(node, signal, context, (t, rows) =>
      context.builder.reshape(t, manyTimes(shape, rows)),
    )
  },
}

const transpose: Operator = {
  names: ['Transpose'],
  kind: 'route',
  detail: 'transpose',
  backward: (node, signal, context) => {
    const rank = context.network.shape(inputOf(node)).length
    const order = intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
    const inverse = order.map((_, axis) => order.indexOf(axis))
    rearrange(node, signal, context, (t) => context.builder.transpose(t, inverse))
  },
}

/** [N, C·b², H, W] → [N, C, H·b, W·b]; depth by rows of the block (DCR) or by channels (CRD). */
const depthToSpace: Operator = {
  names: ['DepthToSpace'],
  kind: 'route',
  detail: 'transpose',
  backward: (node, signal, context) => {
    const { builder, network } = context
    const size = intOf(node, 'blocksize', 1)
    const byChannels = stringOf(node, 'mode', 'DCR') === 'CRD'
    rearrange(node, signal, context, (t, rows) => {
      const [batch = 1, channels = 1, height = 1, width = 1] = network.shape(outputOf(node))
      const blocks = [batch * rows, channels, height / size, size, width / size, size]
      const apart = builder.transpose(
        builder.reshape(t, blocks),
        byChannels ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4],
      )
      return builder.reshape(apart, manyTimes(network.shape(inputOf(node)), rows))
    })
  },
}

/** [N, C, H·b, W·b] → [N, b²·C, H, W]. */
const spaceToDepth: Operator = {
  names: ['SpaceToDepth'],
  kind: 'route',
  detail: 'transpose',
  backward: (node, signal, context) => {
    const { builder, network } = context
    const size = intOf(node, 'blocksize', 1)
    rearrange(node, signal, context, (t, rows) => {
      const [batch = 1, channels = 1, height = 1, width = 1] = network.shape(outputOf(node))
      const blocks = [batch * rows, size, size, channels / size ** 2, height, width]
      const together = builder.transpose(builder.reshape(t, blocks), [0, 3, 4, 1, 5, 2])
      return builder.reshape(together, manyTimes(network.shape(inputOf(node)), rows))
    })
  },
}

export const rearrangements: readonly Operator[] = [reshape, transpose, depthToSpace, spaceToDepth]
