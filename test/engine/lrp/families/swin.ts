import { selfAttention, type AttentionOptions } from './attention'
import type { Exporter } from './exporter'
import { toTheEnd } from './graphWriter'
import { encoderBlock, type Attend } from './visionTransformer'

/** Tokens on a grid, [batch, rows, columns, width]. */
interface Grid {
  readonly value: string
  readonly side: number
  readonly width: number
}

const side = 4

/** Swin Transformer (Liu et al., 2021): attention within windows, every second block shifted by half. */
export function swin(e: Exporter, { parts }: Pick<AttentionOptions, 'parts'>): Uint8Array {
  const stem = e.conv(e.image, { out: 12, kernel: 4, stride: 4 })
  const [width = 1, rows = 1] = stem.shape
  const tokens = e.layerNorm(e.transpose(stem.value, [0, 2, 3, 1]), width)
  let x: Grid = { value: tokens, side: rows, width }
  x = windowBlock(e, x, 0, parts)
  x = windowBlock(e, x, side / 2, parts)
  x = windowBlock(e, merge(e, x), 0, parts)
  const last = e.layerNorm(x.value, x.width)
  return e.finish(e.dense({ value: e.mean(last, [1, 2], false), shape: [x.width] }, 5))
}

/** torch.roll: the part that goes over the edge comes back on the other side. */
function roll(e: Exporter, value: string, shift: number): string {
  let rolled = value
  for (const axis of [1, 2]) {
    const moved = [e.slice(rolled, axis, -shift, toTheEnd), e.slice(rolled, axis, 0, -shift)]
    rolled = e.write.node('Concat', moved, { axis })
  }
  return rolled
}

/** The encoder block, with attention in windows. */
function windowBlock(e: Exporter, x: Grid, shift: number, parts: AttentionOptions['parts']): Grid {
  const { width, side: size } = x
  const heads = 2
  const count = size / side
  const tokens = side * side
  const mask = (scores: string): string => {
    const biased = e.write.node('Add', [scores, positionBias(e, heads)])
    if (shift === 0) return biased
    const perWindow = e.reshapeTo(biased, [-1, count * count, heads, tokens, tokens])
    const masked = e.write.node('Add', [perWindow, shiftMask(e, count, shift)])
    return e.reshapeTo(masked, [-1, heads, tokens, tokens])
  }
  const options = { tokens, width, heads, parts, scale: 'query', mask, batch: -1 } as const
  const attend: Attend = (normal) => {
    const whole = shift === 0 ? normal : roll(e, normal, -shift)
    const cut = e.reshapeTo(whole, ['batch', count, side, count, side, width])
    const windows = e.reshapeTo(e.transpose(cut, [0, 1, 3, 2, 4, 5]), [-1, tokens, width])
    const attended = selfAttention(e, windows, options)
    const apart = e.reshapeTo(attended, [-1, count, count, side, side, width])
    const together = e.reshapeTo(e.transpose(apart, [0, 1, 3, 2, 4, 5]), [-1, size, size, width])
    return shift === 0 ? together : roll(e, together, shift)
  }
  return { ...x, value: encoderBlock(e, x.value, width, attend) }
}

/** One number per head and offset between two tokens, looked up in a table: [1, heads, tokens, tokens]. */
function positionBias(e: Exporter, heads: number): string {
  const offsets = 2 * side - 1
  const tokens = side * side
  const at = (token: number): [number, number] => [Math.floor(token / side), token % side]
  const indices = Array.from({ length: tokens * tokens }, (_, pair) => {
    const [row, column] = at(Math.floor(pair / tokens))
    const [otherRow, otherColumn] = at(pair % tokens)
    return (row - otherRow + side - 1) * offsets + column - otherColumn + side - 1
  })
  const table = e.write.around([offsets * offsets, heads], 0, 0.5)
  const looked = e.write.node('Gather', [table, e.write.indices([tokens * tokens], indices)], {
    axis: 0,
  })
  const square = e.write.node('Reshape', [looked, e.list([tokens, tokens, heads])])
  return e.unsqueeze(e.transpose(square, [2, 0, 1]), [0])
}

/** −100 between tokens that the roll has brought together: [1, windows, 1, tokens, tokens]. */
function shiftMask(e: Exporter, count: number, shift: number): string {
  const tokens = side * side
  const size = count * side
  const region = (position: number): number =>
    position < size - side ? 0 : position < size - shift ? 1 : 2
  const regionOf = (window: number, token: number): number => {
    const row = Math.floor(window / count) * side + Math.floor(token / side)
    const column = (window % count) * side + (token % side)
    return region(row) * 3 + region(column)
  }
  const values = Array.from({ length: count * count * tokens * tokens }, (_, index) => {
    const window = Math.floor(index / (tokens * tokens))
    const from = Math.floor(index / tokens) % tokens
    return regionOf(window, from) === regionOf(window, index % tokens) ? 0 : -100
  })
  const mask = e.write.floats([count * count, tokens, tokens], values)
  return e.unsqueeze(e.unsqueeze(mask, [1]), [0])
}

/** Four neighbours become one token of four times the width, then of twice. */
function merge(e: Exporter, { value, side: size, width }: Grid): Grid {
  const corners = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const
  const neighbours = corners.map(([row, column]) =>
    e.slice(e.slice(value, 1, row, toTheEnd, 2), 2, column, toTheEnd, 2),
  )
  const joined = e.write.node('Concat', neighbours, { axis: -1 })
  const merged = e.linear(e.layerNorm(joined, 4 * width), 4 * width, 2 * width, false)
  return { value: merged, side: size / 2, width: 2 * width }
}
