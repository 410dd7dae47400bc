import { intOf } from '../../onnx/attributes'
import { integersOf } from '../../onnx/elements'
import { alongAxis, type AxisMap } from './alongAxis'
import { normBack } from './averagePooling'
import { inputOf, type Operator } from './operator'

/** Σ of the elements before (or, reversed, behind), with or without the element itself: `norm`. */
export const cumulativeSum: Operator = {
  names: ['CumSum'],
  kind: 'rule',
  detail: 'norm',
  refuse: (node, facts) =>
    facts.isConstant(inputOf(node, 1)) ? null : 'its axis must be constant',
  backward: (node, signal, context) => {
    const { builder, network, relevanceShape } = context
    const rank = network.shape(inputOf(node)).length
    const tensor = network.constants.get(inputOf(node, 1))
    const [stated = 0] = tensor ? integersOf(tensor) : []
    const axis = (stated + rank) % rank
    const size = network.shape(inputOf(node))[axis] ?? 1
    const reverse = intOf(node, 'reverse', 0) === 1
    const exclusive = intOf(node, 'exclusive', 0) === 1
    const map = readersMap(size, reverse, exclusive)
    const key = `cumulative:${size}:${reverse}:${exclusive}`
    normBack(node, signal, context, (s) =>
      alongAxis(builder, s, relevanceShape(inputOf(node)), axis, key, map),
    )
  },
}

/** 1 where output j reads input i, a row for each input. */
function readersMap(size: number, reverse: boolean, exclusive: boolean): AxisMap {
  const values = new Float32Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const ahead = reverse ? i - j : j - i
      if (ahead > 0 || (ahead === 0 && !exclusive)) values[i * size + j] = 1
    }
  }
  return { rows: size, columns: size, values }
}
