import { int, intOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import type { NodeFacts } from '../../operators/operator'
import { hardSigmoidBefore } from './hardSigmoid'
import {
  activationsOf,
  elementwiseFunction,
  grouped,
  hardSigmoid,
  isElementwise,
  isReduction,
  isRepetition,
  normalisation,
  softmax,
  regionBefore,
  workspaceOf,
  type Attributes,
  type Region,
  type Workspace,
} from './regions'
import { softmaxBefore } from './softmax'

/**
 * Finds activations and normalisations that exporters write as several nodes, by what they are rather than
 * by a list of spellings:
 * - a value joined with functions of itself, number by number, is an activation (SiLU, HardSwish, GELU by
 *   Erf or Tanh, Mish);
 * - a value divided by a function of its own sums is a normalisation (layer, group, instance, RMS);
 * - exponentials over their sum are a softmax;
 * - Clip(x + 3, 0, 6) / 6 is a hard sigmoid, which matters where it is a gate.
 * The graph's structure alone decides, so that coverage can tell before anything runs.
 */
export function recognise(nodes: readonly Node[], facts: NodeFacts): NetworkNode[] {
  let work = workspaceOf(nodes, facts)
  for (const original of nodes) {
    const node = work.index.producer(original.outputs[0] ?? '')
    // What is part of a group by now needs no second look.
    if (!node || node.members || node.name !== original.name) continue
    const found = find(node, work)
    if (found) work = workspaceOf(grouped(found, node, work), facts)
  }
  return [...work.nodes]
}

interface Found {
  readonly region: Region
  readonly operator: string
  readonly attributes?: Attributes
}

/** A normalisation has one scale and then one shift; what comes behind is no part of it. */
const scaled: Attributes = { scaled: int(1) }
const complete: Attributes = { scaled: int(1), shifted: int(1) }

/** Joins that make a function of one value more than a sum of its parts; plain sums share by `norm`. */
const bending = new Set(['Mul', 'Div', 'Pow', 'Min', 'Max'])
/** What may follow a normalisation as its own scale and shift. */
const affine = new Set(['Mul', 'Add', 'Sub', 'Div'])

function find(node: NetworkNode, work: Workspace): Found | null {
  const cut = hardSigmoidBefore(node, work)
  if (cut) return { region: cut, operator: hardSigmoid }
  const spread = softmaxBefore(node, work)
  if (spread) return { region: spread, operator: softmax }
  const { facts } = work
  const activations = activationsOf(node, facts)
  if (node.domain !== '' || !isElementwise(node)) return null
  if (activations.length === 1) return ofOne(node, activations[0] ?? '', work)
  if (bending.has(node.operator)) {
    const region = regionBefore(node, work, isElementwise)
    if (region) return { region, operator: elementwiseFunction }
  }
  const region = regionBefore(
    node,
    work,
    (other) =>
      isElementwise(other) ||
      isReduction(other) ||
      isRepetition(other) ||
      other.operator === normalisation,
  )
  if (!region || !normalises(region, node, work)) return null
  return {
    region: withCentring(region, work),
    operator: normalisation,
    // What ends in a sum has its shift in it.
    ...(isShift(node) && { attributes: complete }),
  }
}

/** The mean that is taken off first, once for all that follows, belongs to the normalisation. */
function withCentring(region: Region, work: Workspace): Region {
  const centred = work.index.producer(region.source)
  if (centred?.domain !== '' || centred.operator !== 'Sub') return region
  if (!work.index.consumers(region.source).every((user) => region.nodes.has(user))) return region
  const [x = '', mean = ''] = centred.inputs
  const reduction = work.index.producer(mean)
  if (!reduction || !isReduction(reduction) || reduction.inputs[0] !== x) return region
  return { source: x, nodes: new Set([reduction, centred, ...region.nodes]) }
}

/** x · x is a function of x; a scale or shift behind a normalisation belongs to it. */
function ofOne(node: NetworkNode, value: string, work: Workspace): Found | null {
  const [a, b] = node.inputs
  if (node.operator === 'Mul' && a === b) {
    return { region: { source: value, nodes: new Set([node]) }, operator: elementwiseFunction }
  }
  const before = work.index.producer(value)
  if (before?.operator !== normalisation || !affine.has(node.operator)) return null
  if (work.index.consumers(value).length > 1 || !mayFollow(node, before)) return null
  if (node.operator === 'Div' && a !== value) return null
  const source = before.inputs[0] ?? ''
  return {
    region: { source, nodes: new Set([before, node]) },
    operator: normalisation,
    attributes: isShift(node) ? complete : scaled,
  }
}

const isShift = ({ operator }: Node): boolean => operator === 'Add' || operator === 'Sub'

function mayFollow(node: Node, group: Node): boolean {
  return intOf(group, isShift(node) ? 'shifted' : 'scaled', 0) === 0
}

/** Joins that leave what they join as it is. */
const choosing = new Set(['Add', 'Sub', 'Sum', 'Mean', 'Min', 'Max'])

/** Functions that turn a sum of squares into a deviation, or a deviation into its reciprocal. */
const deviating = new Set(['Sqrt', 'Reciprocal', 'Pow', 'ReduceL2', 'ReduceL1'])

/**
 * Whether a region divides its source by a function of the source's own sums: a reduction lies in it, behind
 * that a root, power or quotient, and beside it a way that is not reduced. An exponential makes it a softmax.
 */
function normalises({ source, nodes }: Region, end: NetworkNode, { facts }: Workspace): boolean {
  const plain = [...nodes].flatMap((node) => node.members ?? [node])
  if (plain.some((node) => node.operator === 'Exp')) return false
  const reduced = new Set<string>()
  const direct = new Set([source])
  let divides = false
  for (const node of plain) {
    const [output = ''] = node.outputs
    if (!isReduction(node) && node.inputs.some((value) => direct.has(value))) direct.add(output)
    if (!isReduction(node) && !node.inputs.some((value) => reduced.has(value))) continue
    reduced.add(output)
    const divisor = node.inputs[1] ?? ''
    divides ||=
      deviating.has(node.operator) ||
      (node.operator === 'Div' && reduced.has(divisor) && !facts.isConstant(divisor))
  }
  // x + normalised x is a residual sum around a normalisation, not one; so is the larger of the two.
  const allReduced = activationsOf(end, facts).every((value) => reduced.has(value))
  return divides && direct.has(end.outputs[0] ?? '') && (!choosing.has(end.operator) || allReduced)
}

/** For the coverage list. */
export function groupWords(operator: string): string {
  if (operator === normalisation) return 'a normalisation'
  if (operator === softmax) return 'a softmax'
  return operator === hardSigmoid ? 'a hard sigmoid' : 'an activation'
}
