import { intOf } from '../../onnx/attributes'
import { batchNormAffine } from '../../onnx/batchNormalization'
import type { Node } from '../../onnx/model'
import { times, total } from '../ledgerSum'
import type { NetworkNode } from '../network'
import { normalisation } from '../prepare/recognise/regions'
import type { Share } from '../rules/rule'
import { divided, type Signal } from '../signal'
import { recordDerivative } from './activations'
import { stabiliserShare } from './averagePooling'
import { linearity, type Linearity } from './linearity'
import { throughMembers, type Differentiate, type Gradients } from './members'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'

/**
 * A value divided by a measure of its own spread, y = γ ⊙ (x − μ)/σ + β or the like. Composites either pass
 * relevance through it, or take σ as constant (`affine`: Achtibat et al. 2024, prop. 3.4):
 * R_i = x_i Σ_j (∂y_j/∂x_i)|σ · R_j / stab(y_j), where β and whatever else is added absorb their share.
 */
export function normalisationGroup(differentiate: Differentiate): Operator {
  return {
    names: [normalisation],
    kind: 'pass',
    detail: 'pass',
    backward: (node, signal, context) => {
      const parts = context.composite?.normalisations === 'affine' ? partsOf(node) : null
      if (parts) affine(node, signal, context, { parts, differentiate })
      else context.send(inputOf(node), signal)
    },
  }
}

/** What of a normalisation is linear in its source; null where nothing is, so that it can only pass. */
function partsOf(node: NetworkNode): Linearity | null {
  const parts = linearity(node.members ?? [], inputOf(node))
  return parts.linear.has(outputOf(node)) ? parts : null
}

function affine(
  node: NetworkNode,
  signal: Signal,
  context: BackwardContext,
  { parts, differentiate }: { parts: Linearity; differentiate: Differentiate },
): void {
  const { builder, network, composite, ledger, send } = context
  const [x, y] = [inputOf(node), outputOf(node)]
  const s = divided(builder, signal, y, composite?.normStabiliser ?? 0, false)
  const gradients = throughMembers(node, s, context, differentiate, parts.held)
  const factor = gradients.at(x)
  const sent = factor === null ? null : { factor, carrier: x }
  if (sent) send(x, sent)
  ledger?.record(
    { node: node.name, operator: node.operator, rule: 'affine' },
    ledger.sum(signal, network.shape(y)),
    sent ? [ledger.sum(sent, network.shape(x))] : [],
    {
      bias: summandsShare(parts, gradients, context),
      stabiliser: stabiliserShare(context, s, y, false),
    },
  )
}

/** Σ of what is added on the way, each number times the gradient at the sum that it is part of. */
function summandsShare(
  { summands }: Linearity,
  gradients: Gradients,
  { builder, network, ledger }: BackwardContext,
): Share | undefined {
  if (!ledger || summands.length === 0) return undefined
  return () =>
    total(
      summands.flatMap(({ sum, value, sign }) => {
        const gradient = gradients.at(sum)
        if (gradient === null) return []
        const share = { factor: builder.mul(gradient, value), carrier: null }
        return [times(ledger.sum(share, network.shape(sum)), sign)]
      }),
    )
}

/** a and b of a BatchNormalization y = a ⊙ x + b, in shapes that broadcast over [N, C, …]. */
function batchNormConstants(
  node: Node,
  { builder, network }: BackwardContext,
): { scale: string; shift: string } {
  const parameters = batchNormAffine(node, network.constants)
  if (!parameters) throw new Error(`${node.name} has no constant parameters`)
  const size = network.shape(outputOf(node)).slice(2)
  const dims = [1, parameters.scale.length, ...size.map(() => 1)]
  const constant = (key: 'scale' | 'shift'): string =>
    builder.tensor(`${node.name}:${key}`, () => ({ dims, values: parameters[key] }))
  return { scale: constant('scale'), shift: constant('shift') }
}

/**
 * A BatchNormalization that could not be folded: relevance passes, as in Zennit, or goes through it as through
 * an affine layer. Preprocessing passes in any case.
 */
export const batchNormalization: Operator = {
  names: ['BatchNormalization'],
  kind: 'pass',
  detail: 'pass',
  refuse: (node, facts) => {
    if (intOf(node, 'spatial', 1) === 0) return 'it normalises every pixel apart (spatial = 0)'
    // Before operator set 14 the further outputs are what says so.
    if (intOf(node, 'training_mode', 0) !== 0 || node.outputs.length > 1)
      return 'it normalises by the batch (training mode)'
    return node.inputs.slice(1, 5).every((parameter) => facts.isConstant(parameter))
      ? null
      : 'its parameters must be constant'
  },
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const [x, y] = [inputOf(node), outputOf(node)]
    if (composite?.activations === 'pass') {
      const passes = composite.normalisations === 'pass' || context.isPreprocessing(node)
      if (passes) {
        send(x, signal)
        return
      }
      const { scale, shift } = batchNormConstants(node, context)
      const s = divided(builder, signal, y, composite.normStabiliser, false)
      const sent = { factor: builder.mul(s, scale), carrier: x }
      send(x, sent)
      const shape = network.shape(y)
      ledger?.record(
        { node: node.name, operator: node.operator, rule: 'affine' },
        ledger.sum(signal, shape),
        [ledger.sum(sent, shape)],
        {
          bias: () => ledger.sum({ factor: builder.mul(s, shift), carrier: null }, shape),
          stabiliser: stabiliserShare(context, s, y, false),
        },
      )
      return
    }
    const { scale } = batchNormConstants(node, context)
    const sent: Signal = { ...signal, factor: builder.mul(signal.factor, scale) }
    send(x, sent)
    recordDerivative(node, signal, sent, context)
  },
}
