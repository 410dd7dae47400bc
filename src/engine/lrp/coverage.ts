import type { Coverage, NodeTreatment } from '../../shared/explanation/coverage'
import type { CustomComposite } from '../../shared/explanation/composite'
import type { MethodName, MissingRule } from '../../shared/explanation/method'
import { indexGraph } from '../onnx/graphIndex'
import type { Model, Node } from '../onnx/model'
import { uniformNumbers } from '../onnx/uniform'
import { propagationOf, ruleFor, type Propagation } from './composites'
import { NodeRefusal } from './nodeRefusal'
import { isLinearLayer, operatorFor, supportedOperators } from './operators/table'
import { findPlaces } from './places'
import { inPairs } from './prepare/expand/einsumEquation'
import type { ExpansionFacts } from './prepare/expand/expansion'
import { ownStatistics } from './prepare/expand/ownStatistics'
import { expandedOperators, expansionFor } from './prepare/expand/table'
import { groupWords, recognise } from './prepare/recognise/recognise'
import { normalisation, softmax } from './prepare/recognise/regions'
import type { Trimmed } from './prepare/trim'

const removed = new Set(['Identity', 'Dropout'])

/** From this operator set on the mask of a Dropout that drops nothing is true everywhere. */
const definedMask = 12

/** They look at the shape of what they read, not at its numbers. */
const measuring = new Set(['Shape', 'Size'])

/** These draw anew on every run, whatever they read. */
const random = new Set(['RandomNormal', 'RandomUniform', 'RandomNormalLike', 'RandomUniformLike', 'Bernoulli', 'Multinomial']) // prettier-ignore

/** A subgraph may read values that the node does not list; random numbers are none that one can explain. */
function mayBeConstant(node: Node): boolean {
  return !random.has(node.operator) && !hasUnread(node)
}

function hasUnread(node: Node): boolean {
  return [...node.attributes.values()].some((attribute) => attribute.kind === 'unread')
}

function isDropout({ domain, operator }: Node): boolean {
  return domain === '' && operator === 'Dropout'
}

/** What is known from the file alone: which values do not depend on the pixels. */
function constantValues(trimmed: Trimmed): Set<string> {
  const constant = new Set(trimmed.graph.initializers.keys())
  for (const node of trimmed.graph.nodes) {
    if (!mayBeConstant(node)) continue
    // A shape is fixed once the input's is.
    if (
      measuring.has(node.operator) ||
      node.inputs.every((value) => value === '' || constant.has(value))
    ) {
      for (const output of node.outputs) constant.add(output)
    }
    // Where nothing is dropped, the mask is a matter of shape; where something is, the node is refused.
    if (isDropout(node) && node.outputs[1] !== undefined) constant.add(node.outputs[1])
  }
  return constant
}

/** Dropout draws at random where its third input says so; absent, or known to be false, it says no. */
function isRemoved(node: Node, numberOf: (value: string) => number | null): boolean {
  if (node.domain !== '' || !removed.has(node.operator)) return false
  const training = node.operator === 'Dropout' ? (node.inputs[2] ?? '') : ''
  return training === '' || numberOf(training) === 0
}

/** Names of the nodes that are one normalisation, though the graph has them apart. */
function normalisedByThemselves({ graph }: Trimmed, facts: ExpansionFacts): Set<string> {
  const index = indexGraph(graph.nodes)
  const names = graph.nodes.flatMap((node) => {
    const statistics = ownStatistics(node, index, facts)
    return statistics ? [node, ...statistics.nodes].map(({ name }) => name) : []
  })
  return new Set(names)
}

/** Why a node can neither be explained nor differentiated; null when it can. */
function impossibleBecause(node: Node, facts: ExpansionFacts): string | null {
  const expansion = expansionFor(node)
  if (expansion) {
    return hasUnread(node)
      ? 'it has an attribute of a kind that is not read'
      : (expansion.refuse?.(node, facts) ?? null)
  }
  const operator = node.domain === '' ? operatorFor(node.operator) : null
  if (!operator) return `no rule for ${node.domain === '' ? '' : `${node.domain}.`}${node.operator}`
  if (hasUnread(node)) return 'it has an attribute of a kind that is not read'
  return operator.refuse?.(node, facts) ?? null
}

/** What decides how nodes are treated. */
export interface CoverageOptions {
  readonly method: MethodName
  readonly composite?: CustomComposite | undefined
  readonly missing?: MissingRule | undefined
}

/** What the compiler will do with each node of the model; nothing runs. */
export function findCoverage(model: Model, trimmed: Trimmed, options: CoverageOptions): Coverage {
  const constant = constantValues(trimmed)
  const isConstant = (value: string): boolean => constant.has(value)
  const numberOf = uniformNumbers(trimmed.graph)
  const read = new Set([trimmed.logits, ...trimmed.graph.nodes.flatMap((node) => node.inputs)])
  const opset = model.opsets.get('') ?? 1
  // ONNX Runtime fills it with zeros there.
  const hasUndefinedMask = (node: Node): boolean =>
    isDropout(node) && opset < definedMask && read.has(node.outputs[1] ?? '')
  const facts: ExpansionFacts = { isConstant, isRead: (value) => read.has(value) }
  const onPath = new Set(trimmed.graph.nodes.map((node) => node.name))
  const propagation = propagationOf(options.method, {}, options.composite)
  const isRelevance = propagation.kind === 'relevance'
  const whole = recognise(trimmed.graph.nodes, facts)
  // The gradient looks into groups, but for a softmax, which has a derivative of its own.
  const groups = isRelevance ? whole : whole.filter(({ operator }) => operator === softmax)
  const groupOf = new Map(
    groups.flatMap((group) => (group.members ?? []).map((member) => [member.name, group] as const)),
  )
  const places = findPlaces(
    whole.flatMap((node) => (node.members ? [node] : inPairs(node, facts))),
    (node) =>
      (isLinearLayer(node, facts) || expansionFor(node)?.isLinear?.(node, facts) === true) &&
      !node.outputs.every(isConstant),
  )
  const inNorm = normalisedByThemselves(trimmed, facts)
  const treatments = model.graph.nodes.map((node): NodeTreatment => {
    const treat = (kind: NodeTreatment['kind'], detail: string): NodeTreatment => ({
      node: node.name,
      operator: node.operator,
      kind,
      detail,
    })
    if (!onPath.has(node.name)) {
      return trimmed.strippedNames.has(node.name)
        ? treat('stripped', 'the logits lie before it')
        : treat('off-path', 'does not reach the logits')
    }
    if (node.outputs.every((output) => output === '' || isConstant(output))) {
      return treat('constant', 'computed once')
    }
    const isIdle = isRemoved(node, numberOf)
    if (isIdle && !hasUndefinedMask(node)) return treat('stripped', 'changes nothing')
    if (options.method === 'occlusion') return treat('pass', 'not looked into')
    // Even where it is part of an activation written out.
    if (isDropout(node)) {
      return treat(
        'missing',
        isIdle
          ? `its mask is not defined before operator set ${definedMask}`
          : 'it may drop at random (training mode)',
      )
    }
    const group = groupOf.get(node.name)
    if (group)
      return treat(
        group.operator === softmax ? 'rule' : 'pass',
        `part of ${groupWords(group.operator)}`,
      )
    if (inNorm.has(node.name)) return treat('pass', `part of ${groupWords(normalisation)}`)
    const impossible = impossibleBecause(node, facts)
    if (impossible !== null) return treat('missing', impossible)
    const place = places.layers.get(node.name)
    const expansion = expansionFor(node)
    if (expansion) {
      return treat(expansion.kind, place ? linearDetail(propagation, place) : expansion.detail)
    }
    const operator = operatorFor(node.operator)
    if (!operator) return treat('missing', 'no rule')
    const noRule = isRelevance ? (operator.noRule?.(node, facts) ?? null) : null
    if (noRule !== null) {
      return options.missing === 'gradient'
        ? treat('gradient', 'the gradient, as asked')
        : treat('missing', noRule)
    }
    return treat(operator.kind, place ? linearDetail(propagation, place) : operator.detail)
  })
  const nodes = withDeadEnds(treatments, trimmed)
  return { nodes, supported: nodes.every(({ kind }) => kind !== 'missing') }
}

/** Where every way from the logits to the input is stopped, what stops them is what cannot be explained. */
function withDeadEnds(
  treatments: NodeTreatment[],
  { graph, input, logits }: Trimmed,
): NodeTreatment[] {
  const kindOf = new Map(treatments.map(({ node, kind }) => [node, kind]))
  const reached = new Set([logits])
  const stops = new Set<string>()
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => reached.has(output))) continue
    const kind = kindOf.get(node.name)
    if (kind === 'stop') stops.add(node.name)
    else if (kind !== 'constant') for (const value of node.inputs) reached.add(value)
  }
  if (reached.has(input.name)) return treatments
  return treatments.map((treatment) =>
    stops.has(treatment.node)
      ? { ...treatment, kind: 'missing', detail: `${treatment.detail}, and no other way leads to the input` } // prettier-ignore
      : treatment,
  )
}

function linearDetail(propagation: Propagation, place: Parameters<typeof ruleFor>[1]): string {
  return propagation.kind === 'gradient' ? 'gradient' : ruleFor(propagation.composite, place).label
}

/**
 * Refuses a model by the first node that has neither rule nor route.
 * @throws NodeRefusal `unsupported-operator` with the node's name, its operator and what is supported.
 */
export function assertCovered(model: Model, trimmed: Trimmed, options: CoverageOptions): void {
  const { nodes } = findCoverage(model, trimmed, options)
  const missing = nodes.find(({ kind }) => kind === 'missing')
  if (!missing) return
  throw new NodeRefusal(
    { name: missing.node, operator: missing.operator },
    `cannot be explained: ${missing.detail}`,
    `Supported operators: ${[...supportedOperators, ...expandedOperators].toSorted().join(', ')}.`,
  )
}
