import { intOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import { divided, relevanceOf } from '../signal'
import { stabiliserShare } from './averagePooling'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'

function axisOf(node: Node, { network }: BackwardContext): number {
  const rank = network.shape(outputOf(node)).length
  return (intOf(node, 'axis', -1) + rank) % rank
}

/** t − s·Σt along the axis: what the derivative of a softmax s makes of t = g ⊙ s, and of a log softmax of g = t. */
function centred(context: BackwardContext, t: string, s: string, axis: number): string {
  const { builder } = context
  return builder.op('Sub', [t, builder.mul(s, builder.reduceSum(t, [axis], true))])
}

/**
 * R_i = x_i (R_i − s_i Σ_j R_j): input × gradient of a softmax s (Achtibat et al. 2024, prop. 3.1), for which
 * no division is needed, as ∂s_j/∂x_i = s_j (δ_ij − s_i). It does not conserve: a softmax adds up to 1
 * whatever it reads. What is missing is Σ_j R_j (1 + Σ_i s_i x_i − x_j), and the ledger calls it unexplained.
 */
const softmax: Operator = {
  names: ['Softmax'],
  kind: 'rule',
  detail: 'input × gradient',
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const [x, s] = [inputOf(node), outputOf(node)]
    const axis = axisOf(node, context)
    if (!composite) {
      const t = builder.mul(signal.factor, s)
      send(x, { factor: centred(context, t, s, axis), carrier: null })
      return
    }
    const relevance = relevanceOf(builder, signal)
    const sent = { factor: centred(context, relevance, s, axis), carrier: x }
    send(x, sent)
    if (!ledger) return
    const shape = network.shape(x)
    ledger.record(
      { node: node.name, operator: node.operator, rule: 'input × gradient' },
      ledger.sum(signal, shape),
      [ledger.sum(sent, shape)],
      {
        unexplained: () => {
          const mean = builder.reduceSum(builder.mul(s, x), [axis], true)
          const left = builder.add(builder.op('Sub', [mean, x]), builder.scalar(1))
          return ledger.sum({ factor: relevance, carrier: left }, shape)
        },
      },
    )
  },
}

/**
 * R_i = x_i (t_i − s_i Σ_j t_j) with t = R / stab(y): input × gradient of y = log s, as
 * ∂y_j/∂x_i = δ_ij − s_i. As x_i − y_i is the same for all i, what is missing is Σ_j t_j Σ_i s_i y_i:
 * unexplained.
 */
const logSoftmax: Operator = {
  names: ['LogSoftmax'],
  kind: 'rule',
  detail: 'input × gradient',
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const [x, y] = [inputOf(node), outputOf(node)]
    const axis = axisOf(node, context)
    const s = builder.op('Exp', [y])
    if (!composite) {
      send(x, { factor: centred(context, signal.factor, s, axis), carrier: null })
      return
    }
    const t = divided(builder, signal, y, composite.normStabiliser, false)
    const sent = { factor: centred(context, t, s, axis), carrier: x }
    send(x, sent)
    if (!ledger) return
    const shape = network.shape(x)
    ledger.record(
      { node: node.name, operator: node.operator, rule: 'input × gradient' },
      ledger.sum(signal, shape),
      [ledger.sum(sent, shape)],
      {
        stabiliser: stabiliserShare(context, t, y, false),
        unexplained: () => {
          const entropy = builder.reduceSum(builder.mul(s, y), [axis], true)
          return ledger.sum({ factor: builder.mul(t, entropy), carrier: null }, shape)
        },
      },
    )
  },
}

export const softmaxes: readonly Operator[] = [softmax, logSoftmax]
