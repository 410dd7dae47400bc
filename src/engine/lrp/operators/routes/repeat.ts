import { manyTimes } from '../../network'
import { unbroadcast } from '../broadcast'
import { inputOf, outputOf, shapedByConstants, type Operator } from '../operator'
import { routeBack } from './moved'

/** What was repeated gets the sum of what its copies have. */
const expand: Operator = {
  names: ['Expand'],
  kind: 'route',
  detail: 'sum over the copies',
  refuse: shapedByConstants,
  backward: (node, signal, context) => {
    const { network } = context
    const [from, to] = [network.shape(outputOf(node)), network.shape(inputOf(node))]
    routeBack(node, signal, context, (t) => unbroadcast(t, from, to, context))
  },
}

const tile: Operator = {
  names: ['Tile'],
  kind: 'route',
  detail: 'sum over the copies',
  refuse: shapedByConstants,
  backward: (node, signal, context) => {
    const { builder, network, starts } = context
    const shape = network.shape(inputOf(node))
    const copies = network.shape(outputOf(node)).map((size, axis) => size / (shape[axis] ?? 1))
    const rows = manyTimes(shape, starts)
    const apart = rows.flatMap((size, axis) => [copies[axis] ?? 1, size])
    const axes = copies.flatMap((count, axis) => (count === 1 ? [] : [2 * axis]))
    routeBack(node, signal, context, (t) => {
      if (axes.length === 0) return t
      return builder.reshape(builder.reduceSum(builder.reshape(t, apart), axes, true), rows)
    })
  },
}

export const repeating: readonly Operator[] = [expand, tile]
