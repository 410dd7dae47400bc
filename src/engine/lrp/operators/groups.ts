import { elementwiseFunction, hardSigmoid } from '../prepare/recognise/regions'
import { recordDerivative } from './activations'
import { throughMembers, type Differentiate } from './members'
import { normalisationGroup } from './normalisation'
import { inputOf, type Operator } from './operator'
import { repeatedProductGroup } from './repeatedProduct'

/** Activations, normalisations and products that are several nodes, as exporters or `expand` write them. */
export function groupOperators(differentiate: Differentiate): Operator[] {
  return [
    {
      names: [elementwiseFunction, hardSigmoid],
      kind: 'pass',
      detail: 'pass',
      backward: (node, signal, context) => {
        const input = inputOf(node)
        if (context.composite?.activations !== 'gradient') {
          context.send(input, signal)
          return
        }
        const ones = context.builder.expand(
          context.builder.scalar(1),
          context.network.shape(node.outputs[0] ?? ''),
        )
        const derivative = throughMembers(
          node,
          ones,
          { ...context, starts: 1, relevanceShape: context.network.shape },
          differentiate,
          new Set(),
        ).at(input)
        if (derivative === null) return
        const sent = { ...signal, factor: context.builder.mul(signal.factor, derivative) }
        context.send(input, sent)
        recordDerivative(node, signal, sent, context)
      },
    },
    normalisationGroup(differentiate),
    repeatedProductGroup(differentiate),
  ]
}
