/**
 * ONNX models as plain data. Names follow onnx.proto; unknown fields are dropped on reading,
 * so what is written back is what the compiler understood.
 */

/** TensorProto.DataType; only what classifiers use. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
} as const
export type DataType = (typeof DataType)[keyof typeof DataType]

export interface Tensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  /** Little-endian elements, row-major. */
  readonly raw: Uint8Array
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  /** A subgraph or another kind that the compiler does not read. */
  | { readonly kind: 'unread' }

export interface Node {
  /** As the file says; `readModel` names the unnamed after their first output. */
  readonly name: string
  readonly operator: string
  /** Empty for the standard operators. */
  readonly domain: string
  /** An empty string stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, Attribute>
  /** A Clip to what a quantiser can represent: no part of an activation written out. Not in the file. */
  readonly isRange?: true
}

/** A graph input or output; null dimensions are not fixed. */
export interface Value {
  readonly name: string
  readonly dataType: number
  readonly dims: readonly (number | null)[]
}

export interface Graph {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Tensor>
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
}

export interface Model {
  readonly irVersion: number
  readonly producer: string
  /** Operator set versions by domain; the standard domain is the empty string. */
  readonly opsets: ReadonlyMap<string, number>
  readonly graph: Graph
}
