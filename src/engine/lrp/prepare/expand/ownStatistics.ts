import { intsOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import { indexGraph, type GraphIndex } from '../../../onnx/graphIndex'
import { DataType, type Node } from '../../../onnx/model'
import { NodeRefusal } from '../../nodeRefusal'
import { inputOf, type NodeFacts } from '../../operators/operator'
import { sizeOf, type NetworkNode } from '../../network'
import { madeBy } from '../recognise/regions'
import type { Draft } from '../nodeWriter'

/**
 * tf2onnx writes Keras' layer normalisation as a BatchNormalization whose mean and variance the graph computes
 * of what it normalises, with all tokens of all samples as its channels: one, [1, tokens, width, 1].
 */
export interface OwnStatistics {
  /** They compute the mean and the variance. */
  readonly nodes: readonly Node[]
  /** Those of them that take a mean or a sum. */
  readonly reductions: readonly Node[]
  /** What a sum is divided by; null where means are taken throughout. */
  readonly count: string | null
}

/** They bring numbers into another shape. */
const moving = new Set(['Squeeze', 'Reshape', 'Identity', 'Cast'])

/** What a BatchNormalization normalises by, by the graph's structure alone; null where it is something else. */
export function ownStatistics(
  node: Node,
  index: GraphIndex,
  { isConstant }: Pick<NodeFacts, 'isConstant'>,
): OwnStatistics | null {
  if (node.operator !== 'BatchNormalization' || node.domain !== '') return null
  const [x = '', scale = '', shift = '', meanValue = '', varianceValue = ''] = node.inputs
  if (!isConstant(scale) || !isConstant(shift)) return null
  const nodes = new Set<Node>()
  const made = (value: string, operators: readonly string[]): Node | null => {
    const found = madeBy(value, new Set(operators), { index }, moving)
    for (const part of found ?? []) nodes.add(part)
    return found?.[0] ?? null
  }
  const mean = made(meanValue, ['ReduceMean'])
  const variance = made(varianceValue, ['ReduceMean', 'Div'])
  if (!mean || !variance || inputOf(mean) !== x) return null
  const isSum = variance.operator === 'Div'
  if (isSum && !isConstant(inputOf(variance, 1))) return null
  const total = isSum ? made(inputOf(variance), ['ReduceSumSquare']) : variance
  if (!total) return null
  const square = isSum ? null : made(inputOf(total), ['Mul'])
  if (!isSum && (!square || inputOf(square) !== inputOf(square, 1))) return null
  const centred = made(inputOf(square ?? total), ['Sub'])
  const centre = centred && made(inputOf(centred, 1), ['ReduceMean'])
  if (!centre || inputOf(centred) !== x || inputOf(centre) !== x) return null
  return {
    nodes: [...nodes],
    reductions: [mean, total, centre],
    count: isSum ? inputOf(variance, 1) : null,
  }
}

/**
 * Such nodes as what they are: instance normalisations of one instance.
 * @throws AppError `unsupported-operator` where the statistics are of other numbers, or of several samples.
 */
export function normsByOwnStatistics(nodes: readonly NetworkNode[], draft: Draft): NetworkNode[] {
  const index = indexGraph(nodes)
  const isConstant = (value: string): boolean => draft.constants.has(value)
  return nodes.map((node) => {
    const statistics = ownStatistics(node, index, { isConstant })
    if (!statistics) return node
    const x = inputOf(node)
    const [samples] = draft.shapes.get(x) ?? []
    if (samples !== 1 || !overAllButChannels(statistics, x, draft)) {
      throw new NodeRefusal(
        node,
        'normalises by what other numbers than those of one sample have for mean and variance, for which there is no rule',
        'Export the model for inference, or with its normalisations written out.',
      )
    }
    return { ...node, operator: 'InstanceNormalization', inputs: node.inputs.slice(0, 3) }
  })
}

/** Whether they are taken over all axes but that of the channels. */
function overAllButChannels(
  { reductions, count }: OwnStatistics,
  x: string,
  { constants, shapes }: Draft,
): boolean {
  const shape = shapes.get(x) ?? []
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== 1)
  const isAll = reductions.every((node) => intsOf(node, 'axes')?.join() === others.join())
  if (!isAll || count === null) return isAll
  const constant = constants.get(count)
  const stated = constant?.dataType === DataType.float ? [...floatsOf(constant)] : []
  return stated.length === 1 && stated[0] === sizeOf(others.map((axis) => shape[axis] ?? 1))
}
