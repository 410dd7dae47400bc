import { AppError } from '../../shared/errors'
import type { ExplainerOptions } from './explainerTypes'
import { sizeOf } from './network'

type Bounds = {
  readonly low: number | readonly number[]
  readonly high: number | readonly number[]
}
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
    const [lows, highs] = [[low].flat(), [high].flat()]
    for (let row = 0; row * length < input.length; row++) {
      const channel = row % channels
      const from = lows[lows.length === 1 ? 0 : channel] ?? -Infinity
      const to = highs[highs.length === 1 ? 0 : channel] ?? Infinity
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

function boxesOf({ method, parameters: { low, high }, composite }: Asked): Bounds[] {
  if (method === 'epsilon-gamma-box')
    return low === undefined || high === undefined ? [] : [{ low, high }]
  if (method !== 'custom') return []
  return (composite?.layers ?? []).flatMap(({ apply }) => (apply.rule === 'zBox' ? [apply] : []))
}

function outside(value: number, channel: number, where: string): AppError {
  return new AppError(
    'invalid-input',
    `The input reaches ${value} in channel ${channel}, ${where}.`,
    'Give low and high that no input lies beyond; a model card’s own are taken where both are left out.',
  )
}
