import type { Node } from '../../../../src/engine/onnx/model'
import type { Rows } from './slowRules'
import {
  numberAttribute,
  numbersAttribute,
  padded,
  transposed,
  zip,
  type Value,
} from './slowTensor'
import { coordinates, product, windowsOf, type WindowAttributes } from './slowWindows'

/** What a node does, element by element, in one of four ways. */
export type Made =
  /** A sum over connections to the moving input: a linear layer, a mean, or an affine map that passes. */
  | ({ kind: 'rows'; shape: readonly number[]; how: 'rule' | 'norm' | 'pass' } & Rows)
  /** Every output is one element of one input, or null: nobody's (padding). */
  | { kind: 'pick'; shape: readonly number[]; from: readonly (readonly [number, number] | null)[] }
  | { kind: 'each'; f: (x: number) => number }
  | { kind: 'sum' }

type Connections = (readonly [number, number])[][]

const text = (node: Node, name: string): string | null => {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'string' ? attribute.value : null
}

function windowAttributes(node: Node, kernel: readonly number[]): WindowAttributes {
  const ones = kernel.map(() => 1)
  const auto = text(node, 'auto_pad')
  return {
    kernel,
    strides: numbersAttribute(node, 'strides') ?? ones,
    dilations: numbersAttribute(node, 'dilations') ?? ones,
    pads: numbersAttribute(node, 'pads') ?? [...ones, ...ones].map(() => 0),
    auto: auto === 'VALID' || auto === 'SAME_UPPER' || auto === 'SAME_LOWER' ? auto : 'NOTSET',
    ceil: numberAttribute(node, 'ceil_mode', 0) === 1,
  }
}

function convolution(node: Node, x: Value, weight: Value, bias: Value | undefined): Made {
  const [outputs = 1, perGroup = 1, ...kernel] = weight.shape
  const group = numberAttribute(node, 'group', 1)
  const sizes = x.shape.slice(2)
  const { size, taps } = windowsOf(sizes, windowAttributes(node, kernel))
  const rows: Connections = []
  for (let o = 0; o < outputs; o++) {
    const g = Math.floor(o / (outputs / group))
    for (const window of taps) {
      const row: [number, number][] = []
      for (let i = 0; i < perGroup; i++) {
        for (const { kernel: k, input } of window) {
          if (input === null) continue
          const w = weight.data[(o * perGroup + i) * product(kernel) + k] ?? NaN
          row.push([(g * perGroup + i) * product(sizes) + input, w])
        }
      }
      rows.push(row)
    }
  }
  return {
    kind: 'rows',
    how: 'rule',
    shape: [1, outputs, ...size],
    rows,
    bias: (j) => bias?.data[Math.floor(j / taps.length)] ?? 0,
  }
}

function dense(node: Node, x: Value, weight: Value, bias: Value | undefined): Made {
  const flip = numberAttribute(node, 'transB', 0) === 1
  const [rowsOf = 1, columnsOf = 1] = weight.shape
  const outputs = flip ? rowsOf : columnsOf
  const alpha = numberAttribute(node, 'alpha', 1)
  const beta = numberAttribute(node, 'beta', 1)
  const at = (i: number, j: number): number => weight.data[flip ? j * columnsOf + i : i * outputs + j] ?? NaN // prettier-ignore
  return {
    kind: 'rows',
    how: 'rule',
    shape: [1, outputs],
    rows: Array.from({ length: outputs }, (_, j) =>
      x.data.map((_value, i): [number, number] => [i, alpha * at(i, j)]),
    ),
    bias: (j) => beta * (bias?.data[bias.data.length === 1 ? 0 : j] ?? 0),
  }
}

/** One connection for each element. */
function affine(shape: readonly number[], scale: Value, shift: Value, how: 'pass'): Made {
  const ones = { shape, data: Array<number>(product(shape)).fill(1) }
  const scales = zip(ones, scale, (_, s) => s)
  const shifts = zip(ones, shift, (_, s) => s)
  return {
    kind: 'rows',
    how,
    shape,
    rows: scales.data.map((s, i) => [[i, s]]),
    bias: (j) => shifts.data[j] ?? NaN,
  }
}

/** y = (x − mean) · scale / √(var + ε) + b */
export function batchNormalization(node: Node, rank: number, of: readonly (Value | undefined)[]) {
  const [scale, bias, mean, variance] = of.slice(1, 5).map((value) => value?.data ?? [])
  const epsilon = numberAttribute(node, 'epsilon', 1e-5)
  const factor = (scale ?? []).map((s, c) => s / Math.sqrt((variance?.[c] ?? NaN) + epsilon))
  const shift = factor.map((f, c) => (bias?.[c] ?? NaN) - (mean?.[c] ?? NaN) * f)
  const shape = [1, factor.length, ...Array<number>(rank - 2).fill(1)]
  return { scale: { shape, data: factor }, shift: { shape, data: shift } }
}

function pooling(node: Node, x: Value): Made {
  const [, channels = 1, ...sizes] = x.shape
  const kernel = node.operator.startsWith('Global') ? sizes : numbersAttribute(node, 'kernel_shape')
  const { size, taps } = windowsOf(sizes, windowAttributes(node, kernel ?? []))
  const counted = numberAttribute(node, 'count_include_pad', 0) === 1
  const shape = [1, channels, ...size]
  const rows: Connections = []
  for (let c = 0; c < channels; c++) {
    for (const window of taps) {
      const real = window.flatMap(({ input }) => (input === null ? [] : [input]))
      const weight = 1 / (counted ? window.length : real.length)
      rows.push(real.map((input): [number, number] => [c * product(sizes) + input, weight]))
    }
  }
  if (node.operator !== 'MaxPool') return { kind: 'rows', how: 'norm', shape, rows, bias: () => 0 }
  const winner = (row: Connections[number]): number =>
    row.reduce((best, [i]) => ((x.data[i] ?? NaN) > (x.data[best] ?? NaN) ? i : best), row[0]?.[0] ?? 0) // prettier-ignore
  return { kind: 'pick', shape, from: rows.map((row) => [0, winner(row)]) }
}

function reduceMean(node: Node, x: Value, axesInput: Value | undefined): Made {
  const rank = x.shape.length
  const given = axesInput?.data ?? numbersAttribute(node, 'axes') ?? x.shape.map((_, axis) => axis)
  const axes = new Set(given.map((axis) => (axis + rank) % rank))
  const kept = x.shape.map((size, axis) => (axes.has(axis) ? 1 : size))
  const weight = product(kept) / product(x.shape)
  const rows: Connections = Array.from({ length: product(kept) }, () => [])
  for (const i of x.data.keys()) {
    const j = coordinates(i, x.shape).reduce(
      (total, at, axis) => total * (kept[axis] ?? 1) + (axes.has(axis) ? 0 : at),
      0,
    )
    rows[j]?.push([i, weight])
  }
  const keep = numberAttribute(node, 'keepdims', 1) === 1
  const shape = keep ? kept : kept.filter((_, axis) => !axes.has(axis))
  return { kind: 'rows', how: 'norm', shape, rows, bias: () => 0 }
}

function concat(node: Node, inputs: readonly Value[]): Made {
  const rank = inputs[0]?.shape.length ?? 0
  const axis = (numberAttribute(node, 'axis', 0) + rank) % rank
  const sizes = inputs.map((input) => input.shape[axis] ?? 1)
  const shape = (inputs[0]?.shape ?? []).with(axis, sizes.reduce((a, b) => a + b, 0)) // prettier-ignore
  const from = Array.from({ length: product(shape) }, (_, index): [number, number] => {
    const position = coordinates(index, shape)
    let input = 0
    while ((position[axis] ?? 0) >= (sizes[input] ?? 0)) {
      position[axis] = (position[axis] ?? 0) - (sizes[input] ?? 0)
      input++
    }
    const own = inputs[input]?.shape ?? []
    return [input, position.reduce((total, at, a) => total * (own[a] ?? 1) + at, 0)]
  })
  return { kind: 'pick', shape, from }
}

function pad(node: Node, x: Value, of: readonly (Value | undefined)[]): Made {
  const rank = x.shape.length
  const pads = of[1]?.data ?? numbersAttribute(node, 'pads') ?? []
  const axes = of[3]?.data ?? x.shape.map((_, axis) => axis)
  const side = (offset: number): number[] =>
    x.shape.map((_, axis) => {
      const at = axes.findIndex((candidate) => (candidate + rank) % rank === axis)
      return at < 0 ? 0 : (pads[at + offset] ?? 0)
    })
  const { shape, source } = padded(x.shape, side(0), side(axes.length))
  return { kind: 'pick', shape, from: source.map((i) => (i === null ? null : [0, i])) }
}

function reshape(x: Value, shape: readonly number[]): Made {
  return { kind: 'pick', shape, from: x.data.map((_, i) => [0, i]) }
}

/** @param of the values of the node's inputs. @param moving which of them depend on the image. */
export function makeOf(
  node: Node,
  of: readonly (Value | undefined)[],
  moving: readonly number[],
): Made {
  const [x = { shape: [], data: [] }, second, third] = of
  const same = (f: (value: number) => number): Made => ({ kind: 'each', f })
  const bound = (at: number, name: string, fallback: number): number =>
    of[at]?.data[0] ?? numberAttribute(node, name, fallback)
  const one = { shape: [], data: [1] }
  const zero = { shape: [], data: [0] }
  switch (node.operator) {
    case 'Conv':
      return convolution(node, x, second ?? zero, third)
    case 'Gemm':
    case 'MatMul':
      return dense(node, x, second ?? zero, third)
    case 'AveragePool':
    case 'GlobalAveragePool':
    case 'MaxPool':
      return pooling(node, x)
    case 'ReduceMean':
      return reduceMean(node, x, second)
    case 'BatchNormalization': {
      const { scale, shift } = batchNormalization(node, x.shape.length, of)
      return affine(x.shape, scale, shift, 'pass')
    }
    case 'Add':
    case 'Sum': {
      const constants = of.filter((_, at) => !moving.includes(at))
      if (moving.length > 1 || constants.length === 0) return { kind: 'sum' }
      return affine((of[moving[0] ?? 0] ?? x).shape, one, constants[0] ?? zero, 'pass')
    }
    case 'Sub':
      return affine(x.shape, one, zip(second ?? zero, one, (c) => -c), 'pass') // prettier-ignore
    case 'Mul':
      return affine((of[moving[0] ?? 0] ?? x).shape, of[1 - (moving[0] ?? 0)] ?? one, zero, 'pass')
    case 'Div':
      return affine(x.shape, zip(second ?? one, one, (c) => 1 / c), zero, 'pass') // prettier-ignore
    case 'Concat':
      return concat(node, of.flatMap((value) => value ?? [])) // prettier-ignore
    case 'Pad':
      return pad(node, x, of)
    case 'Transpose': {
      const order = numbersAttribute(node, 'perm') ?? x.shape.map((_, a) => x.shape.length - 1 - a)
      const { shape, source } = transposed(x.shape, order)
      return { kind: 'pick', shape, from: source.map((i) => [0, i]) }
    }
    case 'Flatten':
      return reshape(x, [1, x.data.length])
    case 'Squeeze':
      return reshape(x, x.shape.filter((size, axis) => axis === 0 || size !== 1)) // prettier-ignore
    case 'Unsqueeze':
      return reshape(x, [...x.shape, ...(second?.data ?? []).map(() => 1)])
    case 'Reshape': {
      const wanted = (second?.data ?? []).map((size, axis) => size || (x.shape[axis] ?? 1))
      const rest = x.data.length / Math.abs(product(wanted))
      return reshape(x, wanted.map((size) => (size < 0 ? rest : size))) // prettier-ignore
    }
    case 'Identity':
    case 'Dropout':
      return reshape(x, x.shape)
    case 'Relu':
      return same((v) => Math.max(v, 0))
    case 'LeakyRelu':
      return same((v) => (v < 0 ? v * numberAttribute(node, 'alpha', 0.01) : v))
    case 'Sigmoid':
      return same((v) => 1 / (1 + Math.exp(-v)))
    case 'Tanh':
      return same(Math.tanh)
    case 'Clip':
      return same((v) => Math.min(Math.max(v, bound(1, 'min', -Infinity)), bound(2, 'max', Infinity))) // prettier-ignore
    default:
      throw new Error(`the twin does not know ${node.operator}`)
  }
}
