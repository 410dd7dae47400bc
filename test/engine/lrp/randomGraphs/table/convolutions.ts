import type { PlainAttributes } from '../../../reference/plainAttributes'
import type { Draft, Wire } from '../draft'
import type { Entry } from '../entry'

/** Weights that keep numbers about as large as they are. */
export function weightsFor(draft: Draft, count: number, fanIn: number): Float32Array {
  return draft.structure.normals(count, Math.sqrt(1.6 / fanIn))
}

interface Layer {
  readonly outputs: number
  readonly group?: number
  readonly kernel: readonly [number, number]
  readonly strides?: readonly [number, number]
  readonly dilations?: readonly [number, number]
  /** `same` keeps the size at stride 1; else all begins, then all ends. */
  readonly pads: 'same' | 'none' | readonly [number, number, number, number]
}

/** The pads that SAME_UPPER stands for. */
function samePads(x: Wire, layer: Layer): number[] {
  const begin: number[] = []
  const end: number[] = []
  for (const at of [0, 1]) {
    const size = x.dims[at + 2] ?? 1
    const stride = layer.strides?.[at] ?? 1
    const reach = (layer.dilations?.[at] ?? 1) * ((layer.kernel[at] ?? 1) - 1) + 1
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size)
    begin.push(Math.floor(total / 2))
    end.push(total - Math.floor(total / 2))
  }
  return [...begin, ...end]
}

function attributesOf(draft: Draft, x: Wire, layer: Layer): PlainAttributes {
  const { group = 1, kernel, strides, dilations, pads } = layer
  const { spelling } = draft
  const border: PlainAttributes =
    pads === 'none'
      ? spelling.chance(0.3)
        ? { auto_pad: 'VALID' }
        : {}
      : pads !== 'same'
        ? { pads }
        : // ONNX Runtime knows no SAME_UPPER with dilations.
          spelling.chance(0.4) && dilations === undefined
          ? { auto_pad: 'SAME_UPPER' }
          : { pads: samePads(x, layer) }
  return {
    ...border,
    ...(spelling.chance(0.6) && { kernel_shape: kernel }),
    ...((strides !== undefined || spelling.chance(0.5)) && { strides: strides ?? [1, 1] }),
    ...((dilations !== undefined || spelling.chance(0.5)) && { dilations: dilations ?? [1, 1] }),
    ...((group > 1 || spelling.chance(0.5)) && { group }),
  }
}

interface BatchNorm {
  readonly scale: Float32Array
  readonly shift: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
}

export function drawBatchNorm({ structure }: Draft, channels: number): BatchNorm {
  const positive = (): Float32Array =>
    Float32Array.from({ length: channels }, () => structure.between(0.5, 1.5))
  return {
    scale: structure.normals(channels, 0.3).map((value) => 1 + value),
    shift: structure.normals(channels, 0.3),
    mean: structure.normals(channels, 0.3),
    variance: positive(),
  }
}

export function batchNorm(draft: Draft, x: Wire, of: BatchNorm): Wire {
  const parameters = [of.scale, of.shift, of.mean, of.variance]
  const wires = parameters.map((values) => draft.floats([values.length], values))
  return draft.node('BatchNormalization', [x, ...wires], draft.spelling.chance(0.5) ? { epsilon: { f: 1e-5 } } : {}) // prettier-ignore
}

/** A convolution, perhaps with its BatchNormalization, which may be folded into the weights. */
function convolve(draft: Draft, x: Wire, layer: Layer, normalised: boolean, biased: boolean): Wire {
  const { outputs, group = 1, kernel } = layer
  const perGroup = (x.dims[1] ?? 1) / group
  const dims = [outputs, perGroup, ...kernel]
  const inner = perGroup * kernel[0] * kernel[1]
  const drawn = weightsFor(draft, outputs * inner, inner)
  // Now and then neurons without a negative part.
  const weights = draft.structure.chance(0.15) ? drawn.map(Math.abs) : drawn
  const bias = draft.structure.normals(outputs, 0.3)
  const norm = normalised ? drawBatchNorm(draft, outputs) : null
  const attributes = attributesOf(draft, x, layer)
  const write = (values: ArrayLike<number>, summand: ArrayLike<number> | null): Wire => {
    const inputs = [x, draft.floats(dims, Array.from(values))]
    if (summand) inputs.push(draft.floats([outputs], Array.from(summand)))
    return draft.node('Conv', inputs, attributes)
  }
  if (!norm) return write(weights, biased ? bias : null)
  if (draft.spelling.chance(0.5))
    return draft.noteNormalised(batchNorm(draft, write(weights, biased ? bias : null), norm))
  const factors = Array.from(
    norm.scale,
    (scale, o) => scale / Math.sqrt((norm.variance[o] ?? 1) + Math.fround(1e-5)),
  )
  const folded = Array.from(weights, (w, at) => w * (factors[Math.floor(at / inner)] ?? 1))
  const shifts = factors.map(
    (factor, o) => (norm.shift[o] ?? 0) + ((biased ? (bias[o] ?? 0) : 0) - (norm.mean[o] ?? 0)) * factor, // prettier-ignore
  )
  return draft.noteNormalised(write(folded, shifts))
}

const size = (x: Wire): number => Math.min(x.dims[2] ?? 0, x.dims[3] ?? 0)

export const convolutions: readonly Entry[] = [
  {
    name: 'convolution',
    operators: ['Conv'],
    layouts: ['image'],
    weight: 6,
    isHomogeneous: true,
    fits: (x) => size(x) >= 3,
    write: (draft, x) => {
      const { structure } = draft
      const kernel = structure.pick([[3, 3], [3, 2], [1, 1], [2, 3]] as const) // prettier-ignore
      const pads = structure.pick(['same', 'none', [1, 0, 0, 1]] as const)
      const layer: Layer = {
        outputs: draft.widen(structure.integer(2, 6)),
        kernel,
        pads,
        ...(structure.chance(0.3) && size(x) >= 5 && { strides: [2, structure.integer(1, 2)] }),
        ...(structure.chance(0.2) && size(x) >= 6 && { dilations: [2, 1] }),
      }
      return convolve(draft, x, layer, structure.chance(0.4), structure.chance(0.8))
    },
  },
  {
    name: 'convolution that keeps the shape',
    operators: ['Conv'],
    layouts: ['image'],
    weight: 4,
    keepsShape: true,
    isHomogeneous: true,
    write: (draft, x) => {
      const { structure } = draft
      const kernel = structure.pick([[3, 3], [1, 1], [1, 3]] as const) // prettier-ignore
      const layer: Layer = { outputs: x.dims[1] ?? 1, kernel, pads: 'same' }
      return convolve(draft, x, layer, structure.chance(0.5), structure.chance(0.7))
    },
  },
  {
    name: 'depthwise convolution',
    operators: ['Conv'],
    layouts: ['image'],
    keepsShape: true,
    isHomogeneous: true,
    write: (draft, x) => {
      const channels = x.dims[1] ?? 1
      const layer: Layer = { outputs: channels, group: channels, kernel: [3, 3], pads: 'same' }
      return convolve(draft, x, layer, draft.structure.chance(0.5), draft.structure.chance(0.5))
    },
  },
  {
    name: 'grouped convolution',
    operators: ['Conv'],
    layouts: ['image'],
    isHomogeneous: true,
    fits: (x) => (x.dims[1] ?? 1) % 2 === 0,
    write: (draft, x) => {
      const layer: Layer = { outputs: draft.widen(4), group: 2, kernel: [2, 2], pads: 'same' }
      return convolve(draft, x, layer, draft.structure.chance(0.3), true)
    },
  },
  {
    name: 'transposed convolution',
    operators: ['ConvTranspose'],
    layouts: ['image'],
    weight: 1.2,
    isHomogeneous: true,
    fits: (x) => Math.max(...x.dims.slice(2)) <= 9,
    write: (draft, x) => {
      const { structure } = draft
      const channels = x.dims[1] ?? 1
      const group = channels % 2 === 0 && structure.chance(0.4) ? 2 : 1
      const perGroup = draft.widen(structure.integer(1, 3))
      const stride = structure.integer(1, 2)
      const weights = weightsFor(draft, channels * perGroup * 9, (channels / group) * 4)
      const inputs = [x, draft.floats([channels, perGroup, 3, 3], weights)]
      if (structure.chance(0.7))
        inputs.push(draft.floats([perGroup * group], structure.normals(perGroup * group, 0.3)))
      return draft.node('ConvTranspose', inputs, {
        strides: [stride, stride],
        pads: structure.pick([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 1]]), // prettier-ignore
        output_padding: stride === 2 && structure.chance(0.5) ? [1, 0] : [0, 0],
        group,
      })
    },
  },
]
