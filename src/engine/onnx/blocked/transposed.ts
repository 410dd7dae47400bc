import { int, ints, intOf, intsOf } from '../attributes'
import { floatsOf } from '../elements'
import { DataType, type Node } from '../model'
import { blockedDomain } from './blockSize'
import { gatherPositions } from './gather'
import type { Layout } from './layout'
import { blockBoth, blockOutputs } from './weights'

/** What outputs at one place of the stride read, along one axis: out[stride·t + p] = Σ_j s[t − begin + j] · w[taps[j]]. */
interface Phase {
  readonly taps: readonly number[]
  readonly begin: number
  readonly end: number
}

/**
 * Writes a transposed convolution with strides as one ordinary convolution for each place of the stride, on
 * the small input, whose outputs lie interleaved: out[stride·t + p] reads only the taps k ≡ p + pad of the
 * kernel. False where that cannot be.
 */
export function transposedConvolution(node: Node, layout: Layout): boolean {
  const [input = '', weightName = '', biasName = ''] = node.inputs
  const [output = ''] = node.outputs
  const weights = layout.constant(weightName)
  const [small, to] = [layout.image(input), layout.image(output)]
  const { block } = layout
  if (node.operator !== 'ConvTranspose' || biasName !== '' || !small || !to) return false
  if (weights?.dataType !== DataType.float || weights.dims.length !== 4) return false
  if (intsOf(node, 'dilations')?.some((dilation) => dilation !== 1)) return false
  const group = intOf(node, 'group', 1)
  const [inputs = 1, outputs = 1, ...kernel] = weights.dims
  const depthwise = group > 1 && group === inputs && outputs === 1
  if ((group > 1 && !depthwise) || inputs % block !== 0 || to[1] % block !== 0) return false
  const [rows, columns] = [0, 1].map((axis) => phasesOf(node, axis, kernel, small, to))
  if (!rows || !columns) return false

  const strides = intsOf(node, 'strides') ?? [1, 1]
  const [strideY = 1, strideX = 1] = strides
  const [height, width] = [Math.ceil(to[2] / strideY), Math.ceil(to[3] / strideX)]
  const parts: string[] = []
  const partOf = new Map<number, number>()
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      if (row.taps.length === 0 || column.taps.length === 0) continue
      const name = `${output}:${y},${x}`
      partOf.set(y * strideX + x, parts.length)
      parts.push(name)
      const chosen = layout.tensor(
        `${weightName}:${row.taps.join(',')}:${column.taps.join(',')}`,
        () => {
          const part = partOfKernel(
            floatsOf(weights),
            weights.dims,
            row.taps,
            column.taps,
            depthwise,
          )
          return (depthwise ? blockOutputs : blockBoth)(part.values, part.dims, block)
        },
      )
      const attributes = {
        kernel_shape: ints([row.taps.length, column.taps.length]),
        pads: ints([row.begin, column.begin, row.end, column.end]),
        group: int(group),
      }
      layout.write('Conv', [layout.blocked(input), chosen], name, attributes, blockedDomain)
    }
  }
  const from = { names: parts, count: parts.length, size: height * width }
  gatherPositions(layout, from, output, to, (y, x) => {
    const part = partOf.get((y % strideY) * strideX + (x % strideX))
    if (part === undefined) return null
    return { part, at: Math.floor(y / strideY) * width + Math.floor(x / strideX) }
  })
  return true
}

/** Null where a phase would have to leave out some of its input. */
function phasesOf(
  node: Node,
  axis: number,
  kernel: readonly number[],
  from: readonly number[],
  to: readonly number[],
): Phase[] | null {
  const stride = intsOf(node, 'strides')?.[axis] ?? 1
  const pad = intsOf(node, 'pads')?.[axis] ?? 0
  const length = Math.ceil((to[axis + 2] ?? 1) / stride)
  const phases = Array.from({ length: stride }, (_, p): Phase => {
    const first = (p + pad) % stride
    const taps: number[] = []
    for (let tap = first; tap < (kernel[axis] ?? 1); tap += stride) taps.unshift(tap)
    const begin = taps.length - 1 - Math.floor((p + pad) / stride)
    return { taps, begin, end: length + taps.length - 1 - begin - (from[axis + 2] ?? 1) }
  })
  const fits = phases.every(({ taps, begin, end }) => taps.length === 0 || (begin >= 0 && end >= 0))
  return fits ? phases : null
}

/** Of [I, O, H, W] the taps chosen, as the ordinary convolution has them: [O, I, …]; [C, 1, …] stays. */
function partOfKernel(
  weights: Float32Array,
  [inputs = 1, outputs = 1, height = 1, width = 1]: readonly number[],
  rows: readonly number[],
  columns: readonly number[],
  depthwise: boolean,
): { dims: number[]; values: Float32Array } {
  const taps = rows.length * columns.length
  const values = new Float32Array(inputs * outputs * taps)
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      let to = (depthwise ? i : o * inputs + i) * taps
      for (const y of rows) {
        for (const x of columns) {
          values[to++] = weights[((i * outputs + o) * height + y) * width + x] ?? 0
        }
      }
    }
  }
  const dims = depthwise ? [inputs, 1] : [outputs, inputs]
  return { dims: [...dims, rows.length, columns.length], values }
}
