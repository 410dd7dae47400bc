import { isGate } from '../gates'
import { times as scaled, total, type LedgerSum } from '../ledgerSum'
import { carriedBy, divided, type Signal } from '../signal'
import { vanishesBelowZero } from '../vanishes'
import type { Node } from '../../onnx/model'
import { recordDerivative } from './activations'
import { stabiliserShare } from './averagePooling'
import { heldFactor } from './bilinear'
import { passed, unbroadcast } from './broadcast'
import { outputOf, type BackwardContext, type Operator } from './operator'

/** What one input of a sum adds to it: +1 or −1 times itself. */
interface Term {
  readonly value: string
  readonly sign: 1 | -1
}

function termsOf(node: Node): Term[] {
  return node.inputs.map((value, at) => ({
    value,
    sign: node.operator === 'Sub' && at === 1 ? -1 : 1,
  }))
}

/**
 * A sum or difference. Of activations: `norm`, R_i = ±a_i R / stab(Σ ±a). A constant that could not be
 * folded is a bias and absorbs its share, unless it is preprocessing, which passes.
 */
const addition: Operator = {
  // Mean has become Sum by the time it gets here.
  names: ['Add', 'Sum', 'Mean', 'Sub'],
  kind: 'rule',
  detail: 'norm (constants are biases)',
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const output = outputOf(node)
    const shape = network.shape(output)
    const terms = termsOf(node)
    const activations = terms.filter(({ value }) => !network.constants.has(value))
    const toInput = (tensor: string, { value, sign }: Term): string =>
      builder.scale(unbroadcast(tensor, shape, network.shape(value), context), sign)
    if (!composite) {
      for (const term of activations)
        send(term.value, { factor: toInput(signal.factor, term), carrier: null })
      return
    }
    const [only, ...others] = activations
    if (only && others.length === 0 && context.isPreprocessing(node)) {
      send(only.value, passed(signal, network.shape(only.value), shape, context))
      return
    }
    const vanishes = vanishesBelowZero(network, carriedBy(signal), output)
    const s = divided(builder, signal, output, composite.normStabiliser, vanishes)
    const sent = activations.map((term) => ({
      value: term.value,
      signal: { factor: toInput(s, term), carrier: term.value },
    }))
    for (const part of sent) send(part.value, part.signal)
    if (!ledger) return
    const constants = terms.filter(({ value }) => network.constants.has(value))
    const flat = (tensor: string): LedgerSum => ledger.sum({ factor: tensor, carrier: null }, shape)
    ledger.record(
      { node: node.name, operator: node.operator, rule: 'norm' },
      ledger.sum(signal, shape),
      sent.map((part) => ledger.sum(part.signal, network.shape(part.value))),
      {
        bias:
          constants.length > 0
            ? () =>
                total(constants.map(({ value, sign }) => scaled(flat(builder.mul(s, value)), sign)))
            : undefined,
        stabiliser: stabiliserShare(context, s, output, vanishes),
      },
    )
  },
}

/**
 * Where activations go by their derivative, so does a factor that is theirs, such as the ½ of a GELU.
 * Preprocessing passes.
 */
function byDerivative(node: Node, { composite, isPreprocessing }: BackwardContext): boolean {
  return composite?.activations === 'gradient' && !isPreprocessing(node)
}

function sendDerivative(
  node: Node,
  signal: Signal,
  at: number,
  times: (factor: string) => string,
  context: BackwardContext,
): void {
  const input = node.inputs[at] ?? ''
  const { network } = context
  const sent = { ...signal, factor: times(signal.factor) }
  const [from, to] = [network.shape(outputOf(node)), network.shape(input)]
  context.send(input, passed(sent, to, from, context))
  recordDerivative(node, signal, sent, context)
}

/**
 * A product. With a constant (preprocessing, layer scale) relevance passes; a gate gets nothing, the signal
 * it gates all; of any other two activations each gets half, as R = a·b·f is shared evenly.
 */
const product: Operator = {
  names: ['Mul'],
  kind: 'pass',
  detail: 'pass (constant factors and gates get nothing), half to each of two activations',
  backward: (node, signal, context) => {
    const { builder, network, composite, send } = context
    const output = outputOf(node)
    const shape = network.shape(output)
    const facts = { isConstant: (value: string) => network.constants.has(value) }
    const otherOf = (at: number): string => node.inputs[1 - at] ?? ''
    if (!composite) {
      for (const [at, input] of node.inputs.entries()) {
        if (facts.isConstant(input)) continue
        const factor = builder.mul(signal.factor, otherOf(at))
        send(input, {
          factor: unbroadcast(factor, shape, network.shape(input), context),
          carrier: null,
        })
      }
      return
    }
    const fixedAt = node.inputs.findIndex(facts.isConstant)
    if (fixedAt >= 0 && byDerivative(node, context)) {
      sendDerivative(node, signal, 1 - fixedAt, (factor) => builder.mul(factor, otherOf(1 - fixedAt)), context) // prettier-ignore
      return
    }
    /** A share of R for one factor: as it is, or where R is a multiple of the product, of the factor. */
    const share = (at: number, part: number): Signal => {
      const factor = builder.scale(signal.factor, part)
      const to = network.shape(node.inputs[at] ?? '')
      if (signal.carrier !== output) return passed({ ...signal, factor }, to, shape, context)
      const towards = unbroadcast(builder.mul(factor, otherOf(at)), shape, to, context)
      return { factor: towards, carrier: node.inputs[at] ?? '' }
    }
    const only = onlyReceiver(node, context)
    for (const [at, input] of node.inputs.entries()) {
      if (only === null) send(input, share(at, 0.5))
      else if (at === only) send(input, share(at, 1))
    }
  },
}

/** Which factor gets all: beside a constant, a gate, or attention held constant; null where each gets half. */
function onlyReceiver(node: Node, context: BackwardContext): number | null {
  const { network } = context
  const [a = '', b = ''] = node.inputs
  for (const besides of [
    (value: string) => network.constants.has(value),
    (value: string) => isGate(network, value),
  ]) {
    if (besides(a) !== besides(b)) return besides(a) ? 1 : 0
  }
  const held = heldFactor(context, a, b)
  return held === null ? null : 1 - held
}

/** x / c passes like a product with a constant; of two activations only the gradient is known. */
const quotient: Operator = {
  names: ['Div'],
  kind: 'pass',
  detail: 'pass (constant divisor)',
  noRule: (node, { isConstant }) => {
    const [a = '', b = ''] = node.inputs
    if (isConstant(b) || isConstant(a)) return null
    return 'a quotient of two activations has no rule'
  },
  backward: (node, signal, context) => {
    const { builder, network, composite, send } = context
    const [a = '', b = ''] = node.inputs
    const output = outputOf(node)
    const shape = network.shape(output)
    const isConstant = (value: string): boolean => network.constants.has(value)
    if (composite && byDerivative(node, context)) {
      // ∂(a/b)/∂a = 1/b, ∂(a/b)/∂b = −(a/b)/b
      const times = (factor: string): string =>
        isConstant(b)
          ? builder.div(factor, b)
          : builder.scale(builder.mul(factor, builder.div(output, b)), -1)
      sendDerivative(node, signal, isConstant(b) ? 0 : 1, times, context)
      return
    }
    if (composite) {
      const input = isConstant(b) ? a : b
      send(input, passed(signal, network.shape(input), shape, context))
      return
    }
    const overB = builder.div(signal.factor, b)
    const to = (input: string, factor: string): void => {
      send(input, {
        factor: unbroadcast(factor, shape, network.shape(input), context),
        carrier: null,
      })
    }
    if (!isConstant(a)) to(a, overB)
    // ∂(a/b)/∂b = −(a/b)/b
    if (!isConstant(b)) to(b, builder.scale(builder.mul(overB, output), -1))
  },
}

export const arithmetic: readonly Operator[] = [addition, product, quotient]
