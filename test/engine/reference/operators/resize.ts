import { floatOf, intOf, intsOf, stringOf } from '../../../../src/engine/onnx/attributes'
import type { Node } from '../../../../src/engine/onnx/model'
import { inputOf, optionalOf, type Call, type Operator, type Operators } from '../call'
import { axisOf, eachPosition, ndArray, sizeOf, stridesOf, type NdArray } from '../ndArray'

interface Axis {
  readonly from: number
  readonly to: number
  readonly scale: number
}

/** The place in the input of each place in the output. */
const coordinates: Readonly<Record<string, (x: number, axis: Axis) => number>> = {
  asymmetric: (x, { scale }) => x / scale,
  half_pixel: (x, { scale }) => (x + 0.5) / scale - 0.5,
  half_pixel_symmetric: (x, { scale, from, to }) => {
    const centre = (from / 2) * (1 - to / (from * scale))
    return centre + (x + 0.5) / scale - 0.5
  },
  pytorch_half_pixel: (x, { scale, to }) => (to > 1 ? (x + 0.5) / scale - 0.5 : 0),
  align_corners: (x, { from, to }) => (to === 1 ? 0 : (x * (from - 1)) / (to - 1)),
  tf_half_pixel_for_nn: (x, { scale }) => (x + 0.5) / scale,
}

const rounding: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
}

/** Cubic convolution (Keys 1981): the weight of a neighbour at a distance. */
function keys(distance: number, a: number): number {
  const t = Math.abs(distance)
  if (t <= 1) return (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1
  return t < 2 ? a * t ** 3 - 5 * a * t ** 2 + 8 * a * t - 4 * a : 0
}

/** Which places of the input make one of the output, and how much of each. */
type Share = readonly (readonly [place: number, weight: number])[]

function sharesOf(node: Node, axis: Axis, mode: Mode): Share[] {
  const { from, to } = axis
  const within = (place: number): number => Math.min(Math.max(place, 0), from - 1)
  const coordinate = coordinates[mode.coordinates]
  const round =
    rounding[mode.nearest === 'simple' ? (axis.scale < 1 ? 'ceil' : 'floor') : mode.nearest]
  if (!coordinate || !round) throw new Error(`${node.name}: unknown mode of resizing`)
  return Array.from({ length: to }, (_, place): Share => {
    if (from === to && axis.scale === 1) return [[place, 1]]
    const x = coordinate(place, axis)
    if (mode.interpolation === 'nearest') return [[within(round(x)), 1]]
    if (mode.interpolation === 'cubic')
      return [-1, 0, 1, 2].map((away) => {
        const neighbour = Math.floor(x) + away
        return [within(neighbour), keys(x - neighbour, mode.coefficient)]
      })
    const low = Math.floor(within(x))
    const part = within(x) - low
    return part === 0 ? [[low, 1]] : [[low, 1 - part], [low + 1, part]] // prettier-ignore
  })
}

interface Mode {
  readonly interpolation: string
  /** Of cubic convolution. */
  readonly coefficient: number
  readonly coordinates: string
  readonly nearest: string
}

/** Every axis by itself. */
function resized(node: Node, x: NdArray, axes: readonly Axis[], mode: Mode): NdArray {
  return axes.reduce((current, of, axis) => {
    const shares = sharesOf(node, of, mode)
    const strides = stridesOf(current.dims)
    const dims = current.dims.with(axis, of.to)
    const data = new Float64Array(sizeOf(dims))
    eachPosition(dims, (position, index) => {
      let base = 0
      for (const [other, place] of position.entries())
        if (other !== axis) base += place * (strides[other] ?? 0)
      for (const [place, weight] of shares[position[axis] ?? 0] ?? [])
        data[index] = (data[index] ?? 0) + weight * (current.data[base + place * (strides[axis] ?? 0)] ?? NaN) // prettier-ignore
    })
    return ndArray(dims, data)
  }, x)
}

/** One scale or size for each axis, or since operator set 18 for some of them. */
function axesOf({ node }: Call, x: NdArray, scales: NdArray | null, sizes: NdArray | null): Axis[] {
  const given = intsOf(node, 'axes')?.map((axis) => axisOf(axis, x.dims.length)) ?? [
    ...x.dims.keys(),
  ]
  return x.dims.map((from, axis) => {
    const at = given.indexOf(axis)
    if (at < 0) return { from, to: from, scale: 1 }
    if (sizes) return { from, to: sizes.data[at] ?? 1, scale: (sizes.data[at] ?? 1) / from }
    const scale = scales?.data[at] ?? 1
    return { from, to: Math.floor(from * scale), scale }
  })
}

/**
 * Scales or sizes; up to operator set 10 scales alone, and every pixel as its corner, where ONNX Runtime
 * takes the next pixel on the way down and the one before on the way up.
 */
const resize: Operator = (call) => {
  const { node, opset } = call
  const x = inputOf(call)
  const isOld = opset < 11
  const scales = optionalOf(call, isOld ? 1 : 2)
  const sizes = isOld ? null : optionalOf(call, 3)
  if (intOf(node, 'antialias', 0) === 1) throw new Error(`${node.name} is antialiased`)
  if (intOf(node, 'exclude_outside', 0) === 1) throw new Error(`${node.name} excludes the outside`)
  if (stringOf(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    throw new Error(`${node.name} keeps its aspect ratio`)
  if (floatOf(node, 'extrapolation_value', 0) !== 0) throw new Error(`${node.name} extrapolates`)
  const given = scales && scales.data.length > 0 ? scales : null
  return resized(node, x, axesOf(call, x, given, sizes), {
    interpolation: stringOf(node, 'mode', 'nearest'),
    coefficient: floatOf(node, 'cubic_coeff_a', -0.75),
    coordinates: stringOf(node, 'coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel'), // prettier-ignore
    nearest: stringOf(node, 'nearest_mode', isOld ? 'simple' : 'round_prefer_floor'),
  })
}

/** Resize before there was one. */
const upsample: Operator = (call) => {
  const x = inputOf(call)
  return resized(call.node, x, axesOf(call, x, inputOf(call, 1), null), {
    interpolation: stringOf(call.node, 'mode', 'nearest'),
    coefficient: Number.NaN,
    coordinates: 'asymmetric',
    nearest: 'floor',
  })
}

export const resizing: Operators = {
  Resize: resize,
  Upsample: upsample,
}
