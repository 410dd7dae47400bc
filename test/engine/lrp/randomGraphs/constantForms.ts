import { floatTensor, int64Tensor, packElements } from '../../../../src/engine/onnx/elements'
import { DataType, type Tensor } from '../../../../src/engine/onnx/model'
import { sizeOf, stridesOf } from '../../reference/ndArray'
import type { Draft, Wire } from './draft'

/** One way to write a constant down: in the file, as a node, or computed by nodes from others. */
interface Form {
  readonly weight: number
  readonly fits: (dims: readonly number[], values: readonly number[], opset: number) => boolean
  readonly write: (draft: Draft, dims: readonly number[], values: readonly number[]) => Wire
}
export type Forms = readonly Form[]

const always = (): boolean => true
const only = (wires: readonly Wire[]): Wire => {
  const [wire] = wires
  if (!wire) throw new Error('no output')
  return wire
}

const floats = (dims: readonly number[], values: readonly number[]): Tensor =>
  floatTensor('', dims, Float32Array.from(values))

const holding = (value: Tensor) => ({ value: { kind: 'tensor' as const, value } })

/** Two axes swapped, so that a Transpose puts it right again. */
function swapped(dims: readonly number[], values: readonly number[]): Tensor {
  const [rows = 1, columns = 1] = dims
  const [step = 1] = stridesOf([rows, columns])
  const turned = values.map((_, at) => values[(at % rows) * step + Math.floor(at / rows)] ?? NaN)
  return floats([columns, rows], turned)
}

/** All of them exact: none may round. */
export const constantForms: Forms = [
  { weight: 10, fits: always, write: (d, dims, values) => d.initializer(floats(dims, values)) },
  {
    weight: 3,
    fits: always,
    write: (d, dims, values) => only(d.nodes('Constant', [], holding(floats(dims, values)))),
  },
  {
    weight: 1,
    fits: (dims, _, opset) => dims.length === 1 && opset >= 12,
    write: (d, _, values) =>
      only(d.nodes('Constant', [], { value_floats: { kind: 'floats', value: values } })),
  },
  {
    weight: 1,
    fits: always,
    write: (d, dims, values) => only(d.nodes('Identity', [d.initializer(floats(dims, values))])),
  },
  {
    // Numbers in double precision, cast.
    weight: 1,
    fits: always,
    write: (d, dims, values) => {
      const raw = packElements(Array.from(Float32Array.from(values)), DataType.double)
      const double = d.initializer({ name: '', dims, dataType: DataType.double, raw })
      return only(d.nodes('Cast', [double], { to: DataType.float }))
    },
  },
  {
    weight: 1,
    fits: (dims) => dims.length > 0,
    write: (d, dims, values) => {
      const flat = d.initializer(floats([values.length], values))
      const shape = d.initializer(int64Tensor('', [dims.length], dims))
      return only(d.nodes('Reshape', [flat, shape]))
    },
  },
  {
    weight: 1,
    fits: (dims) => dims.length === 2,
    write: (d, dims, values) =>
      only(d.nodes('Transpose', [d.initializer(swapped(dims, values))], { perm: [1, 0] })),
  },
  {
    // Twice the numbers, times a half.
    weight: 1,
    fits: always,
    write: (d, dims, values) => {
      const doubled = d.initializer(
        floats(
          dims,
          values.map((value) => 2 * Math.fround(value)),
        ),
      )
      return only(d.nodes('Mul', [doubled, d.initializer(floats([], [0.5]))]))
    },
  },
  {
    weight: 2,
    fits: ([first = 0]) => first > 1,
    write: (d, dims, values) => {
      const [first = 1, ...rest] = dims
      const half = Math.floor(first / 2)
      const cut = half * sizeOf(rest)
      const parts = [floats([half, ...rest], values.slice(0, cut)), floats([first - half, ...rest], values.slice(cut))] // prettier-ignore
      return only(d.nodes('Concat', parts.map((part) => d.initializer(part)), { axis: 0 })) // prettier-ignore
    },
  },
  {
    weight: 20,
    fits: (dims, values) =>
      dims.length > 0 && values.length > 0 && values.every((value) => value === values[0]),
    write: (d, dims, values) => {
      const shape = d.initializer(int64Tensor('', [dims.length], dims))
      return only(d.nodes('ConstantOfShape', [shape], holding(floats([1], values.slice(0, 1)))))
    },
  },
]

export const integerForms: Forms = [
  { weight: 6, fits: always, write: (d, dims, values) => d.initializer(int64Tensor('', dims, values)) }, // prettier-ignore
  {
    weight: 6,
    fits: always,
    write: (d, dims, values) =>
      only(d.nodes('Constant', [], holding(int64Tensor('', dims, values)))),
  },
  {
    weight: 1,
    fits: (dims, _, opset) => dims.length === 1 && opset >= 12,
    write: (d, _, values) => only(d.nodes('Constant', [], { value_ints: values })),
  },
  {
    weight: 1,
    fits: always,
    write: (d, dims, values) => {
      const raw = packElements(values, DataType.int32)
      const short = d.initializer({ name: '', dims, dataType: DataType.int32, raw })
      return only(d.nodes('Cast', [short], { to: DataType.int64 }))
    },
  },
  {
    weight: 1,
    fits: (dims) => dims.length === 1 && (dims[0] ?? 0) > 1,
    write: (d, _, values) => {
      const parts = [values.slice(0, 1), values.slice(1)]
      return only(
        d.nodes(
          'Concat',
          parts.map((part) => d.initializer(int64Tensor('', [part.length], part))),
          { axis: 0 },
        ),
      )
    },
  },
]
