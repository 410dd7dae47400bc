import { AppError } from '../../../shared/errors'
import { floatsOf, integersOf, isInteger } from '../elements'
import { DataType, type Node, type Tensor } from '../model'
import { plainName } from '../names'

/** How whole numbers stand for real ones: real = (whole − zeroPoint) · scale. */
export interface Quantisation {
  readonly scale: number
  readonly zeroPoint: number
  /** The type of the whole numbers. */
  readonly dataType: number
}

const ranges = new Map<number, readonly [low: number, high: number]>([
  [DataType.uint8, [0, 255]],
  [DataType.int8, [-128, 127]],
  [DataType.uint16, [0, 65_535]],
  [DataType.int16, [-32_768, 32_767]],
  [DataType.uint4, [0, 15]],
  [DataType.int4, [-8, 7]],
  [DataType.int32, [-(2 ** 31), 2 ** 31 - 1]],
])

/** The lowest and highest whole number of a type; null for types that do not quantise. */
export function wholeRange(dataType: number): readonly [low: number, high: number] | null {
  return ranges.get(dataType) ?? null
}

/** The real numbers that can be represented. */
export function realRange({ scale, zeroPoint, dataType }: Quantisation): [number, number] {
  const [low, high] = wholeRange(dataType) ?? [-Infinity, Infinity]
  return [(low - zeroPoint) * scale, (high - zeroPoint) * scale]
}

/** Whole numbers that stand for themselves, as pixels do. */
export function isPlain({ scale, zeroPoint }: Quantisation): boolean {
  return scale === 1 && zeroPoint === 0
}

export function sameQuantisation(a: Quantisation, b: Quantisation): boolean {
  return a.scale === b.scale && a.zeroPoint === b.zeroPoint
}

/**
 * (whole − zeroPoint) · scale for every element.
 * @param scales one number, or one for each index along `axis`; zero points alike.
 */
export function realValues(
  node: Node,
  whole: Tensor,
  scales: readonly number[],
  zeroPoints: readonly number[],
  axis: number,
): Float32Array {
  const inner = whole.dims.slice(axis + 1).reduce((product, size) => product * size, 1)
  const size = whole.dims[axis] ?? 1
  const along = (values: readonly number[], at: number): number =>
    values[values.length === 1 ? 0 : Math.floor(at / inner) % size] ?? Number.NaN
  return Float32Array.from(
    wholeNumbersOf(node, whole),
    (value, at) => (value - along(zeroPoints, at)) * along(scales, at),
  )
}

/** The numbers of a float32 or integer tensor. @throws AppError naming the node for another type. */
export function numbersOf(node: Node, tensor: Tensor): number[] {
  return tensor.dataType === DataType.float ? [...floatsOf(tensor)] : wholeNumbersOf(node, tensor)
}

/** @throws AppError naming the node that should have whole numbers and has others. */
function wholeNumbersOf(node: Node, tensor: Tensor): number[] {
  if (isInteger(tensor.dataType)) return integersOf(tensor)
  throw notInRealNumbers(node, `“${plainName(tensor.name)}” does not hold whole numbers`)
}

/** A node of a quantised network cannot be written in real numbers. */
export class NotInRealNumbers extends AppError {
  constructor(
    node: Node,
    readonly reason: string,
  ) {
    super(
      'unsupported-operator',
      `Node “${node.name}” (${node.operator}) cannot be explained: ${reason}.`,
      'Export the network without quantisation, or as QDQ with scales for whole tensors.',
    )
  }
}

export function notInRealNumbers(node: Node, reason: string): NotInRealNumbers {
  return new NotInRealNumbers(node, reason)
}
