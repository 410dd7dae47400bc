import { AppError } from '../../../shared/errors'
import { divided, type Signal } from '../signal'
import { defaultStabiliser } from '../rules/rule'
import { vanishesBelowZero } from '../vanishes'
import { sizeOf } from '../network'
import type { Node } from '../../onnx/model'
import { activationInputs, outputOf, type Operator } from './operator'

/**
 * Addition. Of activations: `norm`, R_i = a_i R / stab(Σ a). Of an activation and a constant that
 * could not be folded: the constant is a bias and absorbs its share, unless it is preprocessing,
 * which passes.
 */
const addition: Operator = {
  names: ['Add', 'Sum'],
  kind: 'rule',
  detail: 'norm (constants are biases)',
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const facts = { isConstant: (value: string) => network.constants.has(value) }
    const inputs = activationInputs(node, facts)
    const output = outputOf(node)
    const shape = network.shape(output)
    for (const input of inputs) refuseBroadcast(node, network.shape(input), shape)
    if (!composite || (inputs.length === 1 && context.isPreprocessing(node))) {
      for (const input of inputs) send(input, signal)
      return
    }
    const vanishes = vanishesBelowZero(network, signal.carrier, output)
    const s = divided(builder, signal, output, defaultStabiliser, vanishes)
    const sent = inputs.map((input): Signal => ({ factor: s, carrier: input }))
    for (const [at, input] of inputs.entries()) {
      const part = sent[at]
      if (part) send(input, part)
    }
    if (!ledger) return
    const constants = node.inputs.filter((value) => network.constants.has(value))
    const flat = (tensor: string): string => ledger.sum({ factor: tensor, carrier: null }, shape)
    ledger.record(
      { node: node.name, operator: node.operator, rule: 'norm' },
      ledger.sum(signal, shape),
      sent.map((part) => ledger.sum(part, shape)),
      {
        bias:
          constants.length > 0
            ? () => builder.sum(constants.map((constant) => flat(builder.mul(s, constant))))
            : undefined,
        stabiliser: () =>
          builder.scale(
            flat(vanishes ? s : builder.mul(s, builder.sign(output))),
            defaultStabiliser,
          ),
      },
    )
  },
}

/** x − c: as the addition of −c; it passes, being a bias only behind a linear layer. */
const subtraction: Operator = {
  names: ['Sub'],
  kind: 'pass',
  detail: 'pass (constant preprocessing)',
  refuse: (node, facts) =>
    facts.isConstant(node.inputs[1] ?? '') && !facts.isConstant(node.inputs[0] ?? '')
      ? null
      : 'only a constant can be subtracted',
  backward: (node, signal, context) => {
    const input = node.inputs[0] ?? ''
    refuseBroadcast(node, context.network.shape(input), context.network.shape(outputOf(node)))
    if (context.composite && !context.isPreprocessing(node)) {
      throw new AppError(
        'unsupported-operator',
        `Node “${node.name}” (Sub) subtracts a constant behind a layer, for which there is no rule.`,
        'A subtraction before the first layer is preprocessing and supported.',
      )
    }
    context.send(input, signal)
  },
}

/** A product or quotient with a constant (preprocessing, layer scale) passes. */
const scaling: Operator = {
  names: ['Mul', 'Div'],
  kind: 'pass',
  detail: 'pass (constant factor)',
  refuse: (node, facts) => {
    const inputs = activationInputs(node, facts)
    if (inputs.length !== 1) return 'a product of two activations has no rule yet'
    return node.operator === 'Div' && inputs[0] !== node.inputs[0]
      ? 'a constant over an activation has no rule'
      : null
  },
  backward: (node, signal, { builder, network, composite, send }) => {
    const facts = { isConstant: (value: string) => network.constants.has(value) }
    const [input = ''] = activationInputs(node, facts)
    refuseBroadcast(node, network.shape(input), network.shape(outputOf(node)))
    if (composite) {
      send(input, signal)
      return
    }
    const constant = node.inputs.find((value) => value !== input) ?? ''
    const operator = node.operator === 'Mul' ? 'Mul' : 'Div'
    send(input, { factor: builder.op(operator, [signal.factor, constant]), carrier: null })
  },
}

function refuseBroadcast(node: Node, input: readonly number[], output: readonly number[]): void {
  if (input.length === output.length && sizeOf(input) === sizeOf(output)) return
  throw new AppError(
    'unsupported-operator',
    `Node “${node.name}” (${node.operator}) spreads a smaller activation over a larger one, for which there is no rule.`,
    'Operands of equal shape, and constants, are supported.',
  )
}

export const arithmetic: readonly Operator[] = [addition, subtraction, scaling]
