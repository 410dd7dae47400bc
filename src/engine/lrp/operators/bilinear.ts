import type { Node } from '../../onnx/model'
import { isAttention } from '../attention'
import type { GraphBuilder } from '../builder'
import { divided, type Signal } from '../signal'
import { stabiliserShare } from './averagePooling'
import { unbroadcast } from './broadcast'
import { inputOf, outputOf, type BackwardContext, type NodeFacts, type Operator } from './operator'

/** For the coverage list. */
export const halfToEach = 'half to each of two activations'

/** A matrix product with one constant factor is a dense layer. */
export function hasWeights(node: Node, facts: NodeFacts): boolean {
  return facts.isConstant(inputOf(node, 0)) || facts.isConstant(inputOf(node, 1))
}

/**
 * The product z = A·B of two activations. By AttnLRP's rule for it each factor gets half of what it would
 * get alone (Achtibat et al. 2024, prop. 3.3): with f = R / stab(z), R_A = A ⊙ (f·Bᵀ)/2 and
 * R_B = B ⊙ (Aᵀ·f)/2, so that nothing is lost but the stabiliser's share. CP-LRP holds attention constant:
 * the other factor gets all.
 */
export const bilinear: Operator = {
  names: ['MatMul'],
  kind: 'rule',
  detail: halfToEach,
  isLinear: hasWeights,
  backward: (node, signal, context) => {
    const { network, composite, ledger, send } = context
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)]
    const z = outputOf(node)
    if (!composite) {
      // Weights are constant here where a gradient method looks into a dense layer.
      for (const [at, value] of [a, b].entries()) {
        if (network.constants.has(value)) continue
        send(value, { factor: towards(at, signal.factor, node, context), carrier: null })
      }
      return
    }
    const s = divided(context.builder, signal, z, composite.normStabiliser, false)
    const held = heldFactor(context, a, b)
    const sent = [a, b].flatMap((value, at) => {
      if (at === held) return []
      const all = towards(at, s, node, context)
      const factor = held === null ? context.builder.scale(all, 0.5) : all
      return [{ value, signal: { factor, carrier: value } satisfies Signal }]
    })
    for (const part of sent) send(part.value, part.signal)
    ledger?.record(
      {
        node: node.name,
        operator: node.operator,
        rule: held === null ? 'half to each' : 'attention held constant',
      },
      ledger.sum(signal, network.shape(z)),
      sent.map((part) => ledger.sum(part.signal, network.shape(part.value))),
      { stabiliser: stabiliserShare(context, s, z, false) },
    )
  },
}

/** Which of two factors is taken as constant: the attention, where the composite says so; null for none. */
export function heldFactor(
  { network, composite }: Pick<BackwardContext, 'network' | 'composite'>,
  a: string,
  b: string,
): 0 | 1 | null {
  if (composite?.attention !== 'constant') return null
  const [first, second] = [isAttention(network, a), isAttention(network, b)]
  if (first === second) return null
  return first ? 0 : 1
}

/** f·Bᵀ or Aᵀ·f, summed over what was repeated. */
function towards(at: number, f: string, node: Node, context: BackwardContext): string {
  const { builder, network } = context
  const [a, b] = [inputOf(node, 0), inputOf(node, 1)]
  const rankOf = (value: string): number => shapeOf(value, context).length
  const product =
    at === 0
      ? builder.op('MatMul', [f, swapped(builder, b, rankOf(b))])
      : builder.op('MatMul', [swapped(builder, a, rankOf(a)), f])
  const value = at === 0 ? a : b
  const shape = network.shape(value)
  const lead = network.shape(outputOf(node)).slice(0, -2)
  return unbroadcast(product, [...lead, ...shape.slice(-2)], shape, context)
}

function shapeOf(value: string, { network }: BackwardContext): readonly number[] {
  return network.constants.get(value)?.dims ?? network.shape(value)
}

function swapped(builder: GraphBuilder, value: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return builder.transpose(value, [...axes.slice(0, -2), rank - 1, rank - 2])
}
