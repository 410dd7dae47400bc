import { AppError } from '../../shared/errors'
import { asList } from './customComposite'
import type { ExplainerOptions } from './explainerTypes'
import { endAt, type Box } from './inputBox'
import { sizeOf } from './network'

type Asked = Pick<ExplainerOptions, 'method' | 'parameters' | 'composite' | 'layout'>

/** Of the box's width: what rounding to float32 may take an input beyond a bound that was computed in float64. */
const rounding = 1e-5

/**
 * zBox holds for inputs within its box alone: what lies outside turns the signs of its shares.
 * @param shape of the input, batch first. Bounds that nobody stated are not held against it.
 * @throws AppError `invalid-input` naming the number, its channel and the bound.
 */
export function assertWithinBox(input: Float32Array, shape: readonly number[], asked: Asked): void {
  const axis = asked.layout === 'NHWC' ? shape.length - 1 : 1
  const channels = shape[axis] ?? 1
  const length = sizeOf(shape.slice(axis + 1))
  for (const { low, high } of boxesOf(asked)) {
    for (let row = 0; row * length < input.length; row++) {
      const channel = row % channels
      const [from, to] = [endAt(low, channel), endAt(high, channel)]
      const margin = rounding * Math.max(to - from, Math.abs(from), Math.abs(to))
      for (let at = row * length; at < (row + 1) * length; at++) {
        const value = input[at] ?? 0
        if (value < from - margin)
          throw outside(value, channel, `below the lowest input that zBox is told of, ${from}`)
        if (value > to + margin)
          throw outside(value, channel, `above the highest input that zBox is told of, ${to}`)
      }
    }
  }
}

function boxesOf({ method, parameters: { low, high }, composite }: Asked): Box[] {
  if (method === 'epsilon-gamma-box')
    return low === undefined || high === undefined ? [] : [{ low: asList(low), high: asList(high) }]
  if (method !== 'custom') return []
  return (composite?.layers ?? []).flatMap(({ apply }) =>
    apply.rule === 'zBox' ? [{ low: asList(apply.low), high: asList(apply.high) }] : [],
  )
}

function outside(value: number, channel: number, where: string): AppError {
  return new AppError(
    'invalid-input',
    `The input reaches ${value} in channel ${channel}, ${where}.`,
    'Give low and high that no input lies beyond; without them the model card’s are taken.',
  )
}
