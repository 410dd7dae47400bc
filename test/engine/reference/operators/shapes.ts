import { intOf, intsOf } from '../../../../src/engine/onnx/attributes'
import { axisFrom, inputOf, integersFrom, type Operator, type Operators } from '../call'
import { axisOf, integers, ndArray, sizeOf, strided, stridesOf } from '../ndArray'

/** 0 keeps a size (unless `allowzero`), −1 takes the rest. */
const reshape: Operator = (call) => {
  const x = inputOf(call)
  const keepsZero = intOf(call.node, 'allowzero', 0) === 1
  const wanted = [...inputOf(call, 1).data].map((size, axis) =>
    size === 0 && !keepsZero ? (x.dims[axis] ?? 0) : size,
  )
  const known = sizeOf(wanted.filter((size) => size >= 0))
  const dims = wanted.map((size) => (size < 0 ? x.data.length / known : size))
  return ndArray(dims, x.data, x.kind)
}

const flatten: Operator = (call) => {
  const x = inputOf(call)
  const axis = axisFrom(call, x.dims.length, 1)
  const rows = sizeOf(x.dims.slice(0, axis))
  return ndArray([rows, x.data.length / rows], x.data, x.kind)
}

const squeeze: Operator = (call) => {
  const x = inputOf(call)
  const rank = x.dims.length
  const given = integersFrom(call, 'axes', 1)?.map((axis) => axisOf(axis, rank))
  const isGone = (size: number, axis: number): boolean => given?.includes(axis) ?? size === 1
  return ndArray(
    x.dims.filter((size, axis) => !isGone(size, axis)),
    x.data,
    x.kind,
  )
}

const unsqueeze: Operator = (call) => {
  const x = inputOf(call)
  const given = integersFrom(call, 'axes', 1) ?? []
  const rank = x.dims.length + given.length
  const added = new Set(given.map((axis) => axisOf(axis, rank)))
  const rest = [...x.dims]
  const dims = Array.from({ length: rank }, (_, axis) =>
    added.has(axis) ? 1 : (rest.shift() ?? 1),
  )
  return ndArray(dims, x.data, x.kind)
}

const transpose: Operator = (call) => {
  const x = inputOf(call)
  const order = intsOf(call.node, 'perm') ?? [...x.dims.keys()].toReversed()
  const strides = stridesOf(x.dims)
  return strided(
    x,
    order.map((axis) => x.dims[axis] ?? 1),
    order.map((axis) => strides[axis] ?? 0),
  )
}

/** Since operator set 15 a part of the shape, cut as slice() does. */
const shape: Operator = (call) => {
  const { dims } = inputOf(call)
  const part = dims.slice(intOf(call.node, 'start', 0), intOf(call.node, 'end', dims.length))
  return integers(part)
}

/** [N, b²C, H, W] → [N, C, bH, bW]; the block's place comes first in the channels (DCR), or last (CRD). */
const depthToSpace: Operator = (call) => {
  const x = inputOf(call)
  const b = intOf(call.node, 'blocksize', 1)
  const mode = call.node.attributes.get('mode')
  const isLast = mode?.kind === 'string' && mode.value === 'CRD'
  const [n = 1, depth = 1, height = 1, width = 1] = x.dims
  const channels = depth / (b * b)
  const [sn = 1, sc = 1, sh = 1, sw = 1] = stridesOf(x.dims)
  const [block, row, channel] = isLast ? [sc, b * sc, b * b * sc] : [channels * sc, b * channels * sc, sc] // prettier-ignore
  const apart = strided(x, [n, channels, height, b, width, b], [sn, channel, sh, row, sw, block])
  return ndArray([n, channels, height * b, width * b], apart.data, x.kind)
}

/** [N, C, bH, bW] → [N, b²C, H, W] */
const spaceToDepth: Operator = (call) => {
  const x = inputOf(call)
  const b = intOf(call.node, 'blocksize', 1)
  const [n = 1, channels = 1, height = 1, width = 1] = x.dims
  const [sn = 1, sc = 1, sh = 1, sw = 1] = stridesOf(x.dims)
  const [rows, columns] = [height / b, width / b]
  const apart = strided(x, [n, b, b, channels, rows, columns], [sn, sh, sw, sc, b * sh, b * sw])
  return ndArray([n, b * b * channels, rows, columns], apart.data, x.kind)
}

const identity: Operator = (call) => inputOf(call)

export const shapes: Operators = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Identity: identity,
  // What it drops at random while training it keeps otherwise.
  Dropout: identity,
  Shape: shape,
  Size: (call) => ndArray([], Float64Array.of(inputOf(call).data.length), 'integer'),
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
}
