import type { AxisMap } from './alongAxis'

/** How a Resize reads its input, by the names of the ONNX standard. */
export interface ResizeForm {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates: string
  /** `simple` is that of operator sets before 11: down when enlarging, up when reducing. */
  readonly nearest: string
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
  readonly antialias: boolean
}

/** One axis of it. */
export interface ResizedAxis {
  readonly from: number
  readonly to: number
  readonly scale: number
  /** The part that tf_crop_and_resize cuts out, as shares of the axis. */
  readonly crop: readonly [start: number, end: number]
}

/**
 * The matrix of one axis of a Resize, which is separable: output j is Σ_i M_ji of the inputs.
 * Null where an output lies outside of the input, so that it is a constant.
 */
export function resizeMap(form: ResizeForm, axis: ResizedAxis): AxisMap | null {
  const { from, to } = axis
  const values = new Float32Array(to * from)
  for (let j = 0; j < to; j++) {
    const position = axis.scale === 1 && !crops(form) ? j : originalOf(form.coordinates, j, axis)
    if (crops(form) && (position < 0 || position > from - 1)) return null
    for (const [i, weight] of weightsAt(form, position, axis)) {
      const at = j * from + Math.min(Math.max(i, 0), from - 1)
      values[at] = (values[at] ?? 0) + weight
    }
  }
  return { rows: to, columns: from, values }
}

function crops({ coordinates }: ResizeForm): boolean {
  return coordinates === 'tf_crop_and_resize'
}

const float = Math.fround

/** Where output j lies in the input; in the precision that ONNX Runtime computes in, as ties are decided by it. */
function originalOf(
  coordinates: string,
  j: number,
  { from, to, scale, crop }: ResizedAxis,
): number {
  const half = (): number => float(float(float(j + 0.5) / float(scale)) - 0.5)
  switch (coordinates) {
    case 'asymmetric':
      return float(j / float(scale))
    case 'align_corners':
      return to === 1 ? 0 : float((j * (from - 1)) / (to - 1))
    case 'pytorch_half_pixel':
      return to > 1 ? half() : 0
    case 'tf_half_pixel_for_nn':
      return float(float(j + 0.5) / float(scale))
    case 'half_pixel_symmetric': {
      // The whole is centred although the output has been rounded to whole pixels.
      const adjustment = to / (scale * from)
      return float((from / 2) * (1 - adjustment) + half())
    }
    case 'tf_crop_and_resize': {
      const [start, end] = crop
      return to > 1
        ? float(start * (from - 1) + (j * (end - start) * (from - 1)) / (to - 1))
        : float(0.5 * (start + end) * (from - 1))
    }
    default:
      return half()
  }
}

type Weights = readonly (readonly [input: number, weight: number])[]

function weightsAt(form: ResizeForm, position: number, axis: ResizedAxis): Weights {
  if (form.mode === 'nearest') return [[nearestTo(form.nearest, position, axis.scale), 1]]
  if (form.antialias && axis.scale < 1) return filtered(form, position, axis)
  if (form.mode === 'linear') {
    const at = Math.min(Math.max(position, 0), axis.from - 1)
    const before = Math.floor(at)
    return [
      [before, 1 - (at - before)],
      [before + 1, at - before],
    ]
  }
  const before = Math.floor(position)
  const taps = [-1, 0, 1, 2].map((offset): [number, number] => [
    before + offset,
    cubic(position - before - offset, form.cubicCoefficient),
  ])
  return form.excludeOutside ? normalised(taps, axis.from) : taps
}

function nearestTo(rounding: string, position: number, scale: number): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(position)
    case 'ceil':
      return Math.ceil(position)
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5)
    case 'simple':
      return scale < 1 ? Math.ceil(position) : Math.trunc(position)
    default:
      return Math.ceil(position - 0.5)
  }
}

/** Keys' cubic convolution: 1 at 0, 0 at the other whole numbers and beyond 2. */
function cubic(distance: number, a: number): number {
  const d = Math.abs(distance)
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0
}

/** Without those outside of the input, adding up to 1 again. */
function normalised(taps: Weights, size: number): Weights {
  const inside = taps.filter(([i]) => i >= 0 && i < size)
  const sum = inside.reduce((total, [, weight]) => total + weight, 0)
  return inside.map(([i, weight]) => [i, weight / sum])
}

/** The same curve, as wide as the output's pixels are in the input: what is reduced is smoothed first. */
function filtered(form: ResizeForm, position: number, { from, scale }: ResizedAxis): Weights {
  const reach = (form.mode === 'linear' ? 1 : 2) / scale
  const curve = (distance: number): number =>
    form.mode === 'linear'
      ? Math.max(0, 1 - Math.abs(distance))
      : cubic(distance, form.cubicCoefficient)
  const first = Math.floor(position + 0.5 - reach + 0.5)
  const last = Math.floor(position + 0.5 + reach + 0.5)
  const taps = Array.from({ length: last - first }, (_, at): [number, number] => [
    first + at,
    curve((first + at - position) * scale),
  ])
  const sum = taps.reduce((total, [, weight]) => total + weight, 0)
  return form.excludeOutside ? normalised(taps, from) : taps.map(([i, weight]) => [i, weight / sum])
}
