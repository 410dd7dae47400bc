import { int, intOf } from '../../../onnx/attributes'
import { floatsOf, integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { sizeOf } from '../../network'
import { inputOf } from '../../operators/operator'
import type { NodeWriter } from '../nodeWriter'
import { constantFrom, type Expansion } from './expansion'

/** Cosines and sines, [positions, pairs], and which of the positions each token of each sample has. */
interface Angles {
  readonly cos: string
  readonly sin: string
  readonly positionOf: (sample: number, token: number) => number
}

/**
 * Position as rotation (Su et al., arXiv 2104.09864): of each head's first numbers pairs are turned by constant
 * angles, y = cos ⊙ x + (± sin) ⊙ (x with the partners changed places). Linear in x: a sum of two routes, each scaled
 * by constants.
 */
function rotated(node: Node, w: NodeWriter, angles: Angles): string {
  const x = inputOf(node)
  const shape = w.shape(x)
  const [samples = 1] = shape
  const pairs = w.shape(angles.cos).at(-1) ?? 1
  const stated = intOf(node, 'rotary_embedding_dim', 0)
  const turned = stated === 0 ? 2 * pairs : stated
  // [samples, heads, tokens, size], or [samples, tokens, heads · size] with the heads taken apart.
  const flat = shape.length === 3
  const heads = intOf(node, 'num_heads', 0) || (shape[2] ?? 1) / turned
  const apart = flat ? w.reshape(x, [samples, shape[1] ?? 1, heads, (shape[2] ?? 1) / heads]) : x
  const tokens = (flat ? shape[1] : shape[2]) ?? 1
  const size = w.shape(apart)[3] ?? 1

  const isInterleaved = intOf(node, 'interleaved', 0) === 1
  const numbers = Array.from({ length: turned }, (_, at) => at)
  const partners = numbers.map((at) => (isInterleaved ? at ^ 1 : (at + pairs) % turned))
  const pairOf = (at: number): number => (isInterleaved ? at >> 1 : at % pairs)
  const table = (key: 'cos' | 'sin', sign: (at: number) => number): string => {
    const values = valuesOf(w, angles[key])
    const spread = Array.from({ length: samples * tokens }, (_, row) => {
      const position = angles.positionOf(Math.floor(row / tokens), row % tokens)
      return numbers.map((at) => sign(at) * (values[position * pairs + pairOf(at)] ?? Number.NaN))
    })
    const dims = flat ? [samples, tokens, 1, turned] : [samples, 1, tokens, turned]
    return w.floats(key, dims, Float32Array.from(spread.flat()))
  }
  const part = w.slice(apart, 3, [0, turned])
  const changed = w.op('Gather', [part, w.integers(partners)], { axis: int(3) })
  const straight = w.op('Mul', [part, table('cos', () => 1)])
  const across = w.op('Mul', [changed, table('sin', (at) => (at < (partners[at] ?? 0) ? -1 : 1))])
  const sum = w.op('Add', [straight, across])
  w.bearName()
  const rest = turned < size ? [w.slice(apart, 3, [turned, size])] : []
  return w.reshape(w.concat([sum, ...rest], 3), shape)
}

function valuesOf(w: NodeWriter, value: string): Float32Array {
  const constant = w.constantOf(value)
  if (!constant) throw new Error(`${value} is not constant`)
  return floatsOf(constant)
}

/** Positions one by one, or the first of a row of them; null where the caches have a row for each token. */
function positionsOf(w: NodeWriter, value: string): readonly number[] | null {
  const constant = w.constantOf(value)
  return constant ? integersOf(constant) : null
}

const words = {
  kind: 'rule',
  detail: 'norm (a rotation by constants)',
  refuse: constantFrom(1, 'its angles and positions'),
} as const

/** RotaryEmbedding of operator set 23. */
const standard: Expansion = {
  names: ['RotaryEmbedding'],
  ...words,
  expand: (node, w) => {
    const [x = '', cos = '', sin = '', ids = ''] = node.inputs
    const positions = positionsOf(w, ids)
    const tokens = tokensOf(w, x)
    // What is stated for one sample holds for all.
    const rows = positions?.length ?? sizeOf(w.shape(cos).slice(0, -1))
    const positionOf = (sample: number, token: number): number => {
      const row = (sample * tokens + token) % rows
      return positions ? (positions[row] ?? 0) : row
    }
    return w.finish(rotated(node, w, { cos, sin, positionOf }))
  },
}

/** ONNX Runtime's own, which lists its inputs in another order and may state the first position alone. */
const ofRuntime: Expansion = {
  names: ['com.microsoft.RotaryEmbedding'],
  ...words,
  expand: (node, w) => {
    const [x = '', ids = '', cos = '', sin = ''] = node.inputs
    const positions = positionsOf(w, ids) ?? [0]
    const [first = 0, ...others] = positions
    const tokens = tokensOf(w, x)
    const positionOf = (sample: number, token: number): number =>
      others.length === 0
        ? first + token
        : (positions[(sample * tokens + token) % positions.length] ?? 0)
    return w.finish(rotated(node, w, { cos, sin, positionOf }))
  },
}

function tokensOf(w: NodeWriter, x: string): number {
  const shape = w.shape(x)
  return shape.at(shape.length === 3 ? 1 : 2) ?? 1
}

export const rotary: readonly Expansion[] = [standard, ofRuntime]
