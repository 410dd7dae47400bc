import { AppError } from '../../shared/errors'
import { intOf, intsOf } from '../onnx/attributes'
import { floatsOf, integersOf } from '../onnx/elements'
import type { Node, Tensor } from '../onnx/model'
import { channelsRead } from './channelsRead'
import type { Network } from './network'
import { NodeRefusal } from './nodeRefusal'
import { batchNormAffine } from '../onnx/batchNormalization'

/** The lowest and highest numbers that a value can take: one number for all, or one per channel. */
export interface Box {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/**
 * The box of the network's input as it arrives at `value`: constants that the graph itself adds to the
 * pixels or multiplies them with move the box as they move the pixels.
 * @param axis the channels' axis at `value`; null where a change of shape has lost it.
 * @param layer the layer that asks, for the refusal.
 * @throws AppError `unsupported-operator` where what lies before is not elementwise per channel,
 *   `invalid-input` when the box does not fit the input.
 */
export function boxAt(
  network: Network,
  value: string,
  axis: number | null,
  box: Box,
  layer: Node,
): Box {
  if (value === network.input) {
    return fitted(box, axis === null ? 1 : (network.shape(value)[axis] ?? 1))
  }
  const node = network.index.producer(value)
  if (!node) throw new Error(`nothing makes ${value}`)
  const before = (input: string, inputAxis: number | null = axis): Box =>
    boxAt(network, input, inputAxis, box, layer)
  const rank = network.shape(value).length
  const [x = '', second = ''] = node.inputs
  const constant = (name: string): readonly number[] | null => {
    const tensor = network.constants.get(name)
    return tensor ? perChannel(tensor, axis, rank) : null
  }
  switch (node.operator) {
    case 'Add':
    case 'Mul': {
      const swapped = network.constants.has(x)
      const values = constant(swapped ? x : second)
      if (!values || node.inputs.length !== 2) break
      const add = node.operator === 'Add'
      return mapped(before(swapped ? second : x), values, (v, c) => (add ? v + c : v * c))
    }
    case 'Sub':
    case 'Div': {
      const values = constant(second)
      if (!values) break
      const subtract = node.operator === 'Sub'
      return mapped(before(x), values, (v, c) => (subtract ? v - c : v / c))
    }
    case 'BatchNormalization': {
      const affine = axis === 1 ? batchNormAffine(node, network.constants) : null
      if (!affine) break
      const scaled = mapped(before(x), [...affine.scale], (v, scale) => v * scale)
      return mapped(scaled, [...affine.shift], (v, shift) => v + shift)
    }
    case 'Relu':
      return mapped(before(x), [0], Math.max)
    case 'Clip': {
      const bound = (name: string, none: number): readonly number[] | null =>
        name === '' ? [none] : constant(name)
      const lowest = bound(second, -Infinity)
      const highest = bound(node.inputs[2] ?? '', Infinity)
      if (!lowest || !highest) break
      return mapped(mapped(before(x), lowest, Math.max), highest, Math.min)
    }
    case 'Transpose': {
      const order = intsOf(node, 'perm')
      return before(x, axis === null ? null : (order?.[axis] ?? rank - 1 - axis))
    }
    case 'Reshape':
      return before(x, null)
    case 'MaxPool':
      if (axis !== 1) break
      return before(x)
    case 'AveragePool': {
      const padded = intOf(node, 'count_include_pad', 0) === 1
      if (axis !== 1 || (padded && intsOf(node, 'pads')?.some((pad) => pad > 0))) break
      return before(x)
    }
    case 'Pad': {
      const pads = network.constants.get(second)
      const sizes = pads ? integersOf(pads) : []
      if (axis !== null && (sizes[axis] !== 0 || sizes[axis + rank] !== 0)) break
      return before(x)
    }
    case 'Concat': {
      if (axis !== (intOf(node, 'axis', 0) + rank) % rank) break
      if (node.inputs.some((input) => network.constants.has(input))) break
      return joined(node.inputs.map((input) => [before(input), network.shape(input)[axis] ?? 1]))
    }
    default: {
      const read = channelsRead(network, node, value, axis)
      if (!read) break
      const whole = before(x, read.axis)
      return read.channels === null ? whole : picked(whole, read.channels)
    }
  }
  // A group bears a name of our own; the file has its last node.
  const group = network.nodes.find(({ name }) => name === node.name)?.members
  const operator = group?.at(-1)?.operator ?? node.operator
  throw new NodeRefusal(
    { name: node.name, operator },
    `lies between the input and “${layer.name}”, whose rule zBox then knows no lowest and highest input for`,
    'Choose a method without zBox, such as epsilon-plus-flat.',
  )
}

/** The boxes of several values, one channel behind another. */
function joined(parts: readonly (readonly [box: Box, channels: number])[]): Box {
  const along = (end: 'low' | 'high'): number[] =>
    parts.flatMap(([box, channels]) =>
      Array.from({ length: channels }, (_, c) => endAt(box[end], c)),
    )
  return { low: along('low'), high: along('high') }
}

function picked({ low, high }: Box, channels: readonly number[]): Box {
  return { low: channels.map((c) => endAt(low, c)), high: channels.map((c) => endAt(high, c)) }
}

function fitted(box: Box, channels: number): Box {
  const fits = [box.low, box.high].every(({ length }) => length === 1 || length === channels)
  const { low, high } = mapped(box, [0], (v) => v)
  if (
    fits &&
    low.every((value, c) => value === endAt(box.low, c) && endAt(high, c) === endAt(box.high, c))
  )
    return box
  throw new AppError(
    'invalid-input',
    fits
      ? 'The box of the rule zBox is empty: a lowest value lies above the highest.'
      : `The box of the rule zBox has ${box.low.length} lowest and ${box.high.length} highest values, the layer’s input ${channels === 1 ? 'one channel' : `${channels} channels`}.`,
    'Give low and high one number, or one for each channel of the input.',
  )
}

/** The end of a box in a channel. */
export const endAt = (values: readonly number[], c: number): number =>
  values[values.length === 1 ? 0 : c] ?? Number.NaN

/** Both ends through the same function; a falling one swaps them. */
function mapped(
  { low, high }: Box,
  constants: readonly number[],
  f: (value: number, constant: number) => number,
): Box {
  const length = Math.max(low.length, high.length, constants.length)
  const through = (values: readonly number[]): number[] =>
    Array.from({ length }, (_, c) => f(endAt(values, c), endAt(constants, c)))
  const [one, other] = [through(low), through(high)]
  return {
    low: one.map((value, c) => Math.min(value, endAt(other, c))),
    high: one.map((value, c) => Math.max(value, endAt(other, c))),
  }
}

/** One number for all, or one along `axis`; null when the constant varies otherwise. */
function perChannel(tensor: Tensor, axis: number | null, rank: number): readonly number[] | null {
  const values = [...floatsOf(tensor)]
  const [first = 0] = values
  if (values.every((value) => value === first)) return [first]
  if (axis === null) return null
  const along = tensor.dims[axis - rank + tensor.dims.length]
  return along === values.length ? values : null
}
