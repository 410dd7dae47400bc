import { floatOf } from '../../onnx/attributes'
import { passed } from './broadcast'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import type { Node } from '../../onnx/model'
import type { Network } from '../network'
import { relevanceOf, type Signal } from '../signal'

/** An elementwise function: relevance passes, the gradient is multiplied by `derivative`. */
export function activation(
  names: readonly string[],
  derivative: (node: Node, context: BackwardContext) => string,
  refuse?: Operator['refuse'],
  argument: (node: Node, network: Network) => string = (node) => inputOf(node),
): Operator {
  return {
    names,
    kind: 'pass',
    detail: 'pass',
    refuse,
    backward: (node, signal, context) => {
      const passes = context.composite?.activations === 'pass'
      const sent: Signal = passes
        ? signal
        : { ...signal, factor: context.builder.mul(signal.factor, derivative(node, context)) }
      const { network, send } = context
      const x = argument(node, network)
      send(x, passed(sent, network.shape(x), network.shape(outputOf(node)), context))
      if (!passes) recordDerivative(node, signal, sent, context)
    },
  }
}

/** What a derivative takes away has no better name than unexplained. */
export function recordDerivative(
  node: Node,
  before: Signal,
  after: Signal,
  context: BackwardContext,
): void {
  const { builder, network, ledger } = context
  if (!ledger) return
  const shape = network.shape(outputOf(node))
  const lost = builder.op('Sub', [relevanceOf(builder, before), relevanceOf(builder, after)])
  ledger.record(
    { node: node.name, operator: node.operator, rule: 'derivative' },
    ledger.sum(before, shape),
    [ledger.sum(after, shape)],
    { unexplained: () => ledger.sum({ factor: lost, carrier: null }, shape) },
  )
}

const derivativeOfRelu = activation(['Relu'], (node, { builder }) => builder.above(inputOf(node)))

/**
 * Guided backpropagation (Springenberg et al. 2015) lets only positive gradient through, and only where the
 * ReLU was active; a deconvnet (Zeiler & Fergus 2014) lets positive gradient through wherever it goes.
 */
const relu: Operator = {
  ...derivativeOfRelu,
  backward: (node, signal, context, output) => {
    const { builder } = context
    if (context.relu === 'derivative') {
      derivativeOfRelu.backward(node, signal, context, output)
      return
    }
    const positive = builder.positive(signal.factor)
    const factor =
      context.relu === 'guided' ? builder.mul(positive, builder.above(inputOf(node))) : positive
    context.send(inputOf(node), { ...signal, factor })
  },
}

const leakyRelu = activation(['LeakyRelu'], (node, { builder }) => {
  const alpha = floatOf(node, 'alpha', 0.01)
  const positive = builder.above(inputOf(node))
  return builder.add(builder.scale(positive, 1 - alpha), builder.scalar(alpha))
})

/** 1 above 0, the slope elsewhere. */
const pRelu = activation(
  ['PRelu'],
  (node, { builder }) => {
    const positive = builder.above(inputOf(node))
    const elsewhere = builder.op('Sub', [builder.scalar(1), positive])
    return builder.add(positive, builder.mul(elsewhere, inputOf(node, 1)))
  },
  (node, { isConstant }) => (isConstant(inputOf(node, 1)) ? null : 'its slope must be constant'),
)

/** 1 above α, 0 elsewhere. */
const thresholdedRelu = activation(['ThresholdedRelu'], (node, { builder }) =>
  builder.above(inputOf(node), floatOf(node, 'alpha', 1)),
)

/** Elu α(eˣ − 1), Selu γα(eˣ − 1), Celu α(e^{x/α} − 1) below 0; above it x, times γ for Selu. */
const exponentialUnit = (
  name: string,
  defaultAlpha: number,
  scales: (alpha: number, node: Node) => { above: number; below: number; rate: number },
): Operator =>
  activation([name], (node, { builder }) => {
    const { above, below, rate } = scales(floatOf(node, 'alpha', defaultAlpha), node)
    const x = inputOf(node)
    const isAbove = builder.toFloat(builder.op('Greater', [x, builder.scalar(0)]))
    // Where x > 0 the exponent is 0, so that nothing overflows there.
    const falling = builder.op('Exp', [builder.scale(builder.negative(x), rate)])
    const isBelow = builder.op('Sub', [builder.scalar(1), isAbove])
    return builder.add(
      builder.scale(isAbove, above),
      builder.mul(isBelow, builder.scale(falling, below)),
    )
  })

const elu = exponentialUnit('Elu', 1, (alpha) => ({ above: 1, below: alpha, rate: 1 }))
const celu = exponentialUnit('Celu', 1, (alpha) => ({ above: 1, below: 1, rate: 1 / alpha }))
const selu = exponentialUnit('Selu', 1.6732632423543772, (alpha, node) => {
  const gamma = floatOf(node, 'gamma', 1.0507009873554805)
  return { above: gamma, below: gamma * alpha, rate: 1 }
})

/** d sigmoid = y (1 − y) */
const sigmoid = activation(['Sigmoid'], (node, { builder }) => {
  const y = outputOf(node)
  return builder.mul(y, builder.op('Sub', [builder.scalar(1), y]))
})

/** d tanh = 1 − y² */
const tanh = activation(['Tanh'], (node, { builder }) => {
  const y = outputOf(node)
  return builder.op('Sub', [builder.scalar(1), builder.mul(y, y)])
})

/** α strictly between the ends of max(0, min(1, αx + β)). */
const hardSigmoid = activation(['HardSigmoid'], (node, { builder }) => {
  const y = outputOf(node)
  const inside = builder.mul(builder.above(y, 0), builder.below(y, 1))
  return builder.scale(inside, floatOf(node, 'alpha', 0.2))
})

/** x·max(0, min(1, x/6 + 1/2)): 0 below −3, 1 above 3, x/3 + 1/2 between. */
const hardSwish = activation(['HardSwish'], (node, { builder }) => {
  const x = inputOf(node)
  const inside = builder.mul(builder.above(x, -3), builder.below(x, 3))
  const slope = builder.add(builder.scale(x, 1 / 3), builder.scalar(0.5))
  const above = builder.toFloat(builder.op('GreaterOrEqual', [x, builder.scalar(3)]))
  return builder.add(builder.mul(inside, slope), above)
})

/** d ln(1 + eˣ) = sigmoid x */
const softplus = activation(['Softplus'], (node, { builder }) =>
  builder.op('Sigmoid', [inputOf(node)]),
)

/** d x/(1 + |x|) = 1/(1 + |x|)² */
const softsign = activation(['Softsign'], (node, { builder }) => {
  const one = builder.add(builder.op('Abs', [inputOf(node)]), builder.scalar(1))
  return builder.div(builder.scalar(1), builder.mul(one, one))
})

/** 1 outside of −λ … λ. */
const shrink = activation(['Shrink'], (node, { builder }) =>
  builder.above(builder.op('Abs', [inputOf(node)]), floatOf(node, 'lambd', 0.5)),
)

/** d erf = 2/√π e^{−x²} */
const erf = activation(['Erf'], (node, { builder }) => {
  const x = inputOf(node)
  const bell = builder.op('Exp', [builder.scale(builder.mul(x, x), -1)])
  return builder.scale(bell, 2 / Math.sqrt(Math.PI))
})

const exp = activation(['Exp'], (node) => outputOf(node))

const log = activation(['Log'], (node, { builder }) =>
  builder.div(builder.scalar(1), inputOf(node)),
)

/** d √x = 1/(2y); at 0, where it has none, 0. */
const sqrt = activation(['Sqrt'], (node, { builder }) => {
  const y = outputOf(node)
  const zero = builder.toFloat(builder.op('Equal', [y, builder.scalar(0)]))
  const half = builder.div(builder.scalar(0.5), builder.add(y, zero))
  return builder.mul(half, builder.op('Sub', [builder.scalar(1), zero]))
})

/** d 1/x = −y² */
const reciprocal = activation(['Reciprocal'], (node, { builder }) => {
  const y = outputOf(node)
  return builder.scale(builder.mul(y, y), -1)
})

const neg = activation(['Neg'], (_node, { builder }) => builder.scalar(-1))

const abs = activation(['Abs'], (node, { builder }) => builder.op('Sign', [inputOf(node)]))

/** xᵖ with a constant p: p·xᵖ⁻¹. cˣ with a constant c: y·ln c. */
const power = activation(
  ['Pow'],
  (node, { builder, network }) => {
    const [x = '', p = ''] = node.inputs
    if (!network.constants.has(p)) return builder.mul(outputOf(node), builder.op('Log', [x]))
    const less = builder.op('Sub', [p, builder.scalar(1)])
    return builder.mul(p, builder.op('Pow', [x, less]))
  },
  (node, { isConstant }) =>
    node.inputs.every((value) => !isConstant(value))
      ? 'a power of two activations has neither rule nor derivative'
      : null,
  (node, { constants }) => (constants.has(inputOf(node)) ? inputOf(node, 1) : inputOf(node)),
)

/** 1 strictly inside the bounds. */
const clip = activation(
  ['Clip'],
  (node, { builder }) => {
    const x = inputOf(node)
    const [, low = '', high = ''] = node.inputs
    const masks: string[] = []
    if (low !== '') masks.push(builder.toFloat(builder.op('Greater', [x, low])))
    if (high !== '') masks.push(builder.toFloat(builder.op('Less', [x, high])))
    const [first, second] = masks
    if (first === undefined) return builder.scalar(1)
    return second === undefined ? first : builder.mul(first, second)
  },
  (node, facts) =>
    node.inputs.slice(1).every((bound) => bound === '' || facts.isConstant(bound))
      ? null
      : 'its bounds must be constant',
)

export const activations: readonly Operator[] = [
  relu,
  leakyRelu,
  pRelu,
  thresholdedRelu,
  elu,
  celu,
  selu,
  sigmoid,
  tanh,
  hardSigmoid,
  hardSwish,
  softplus,
  softsign,
  shrink,
  erf,
  exp,
  log,
  sqrt,
  reciprocal,
  neg,
  abs,
  power,
  clip,
]
