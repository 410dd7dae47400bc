import { floatOf, intOf } from '../../onnx/attributes'
import { batchNormAffine } from '../prepare/canonise'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import type { Node } from '../../onnx/model'
import { relevanceOf, type Signal } from '../signal'

/** An elementwise function: relevance passes, the gradient is multiplied by `derivative`. */
function activation(
  names: readonly string[],
  derivative: (node: Node, context: BackwardContext) => string,
  refuse?: Operator['refuse'],
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
      context.send(inputOf(node), sent)
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

const relu = activation(['Relu'], (node, { builder }) => builder.above(inputOf(node)))

const leakyRelu = activation(['LeakyRelu'], (node, { builder }) => {
  const alpha = floatOf(node, 'alpha', 0.01)
  const positive = builder.above(inputOf(node))
  return builder.add(builder.scale(positive, 1 - alpha), builder.scalar(alpha))
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

/** A BatchNormalization that could not be folded: relevance passes, as in Zennit. */
const batchNormalization = activation(
  ['BatchNormalization'],
  (node, { builder, network }) => {
    const affine = batchNormAffine(node, network.constants)
    if (!affine) throw new Error(`${node.name} has no constant parameters`)
    const shape = network.shape(outputOf(node))
    return builder.tensor(`${node.name}:scale`, () => ({
      dims: [1, affine.scale.length, ...shape.slice(2).map(() => 1)],
      values: affine.scale,
    }))
  },
  (node, facts) => {
    if (intOf(node, 'spatial', 1) === 0) return 'it normalises every pixel apart (spatial = 0)'
    if (intOf(node, 'training_mode', 0) !== 0) return 'it normalises by the batch (training mode)'
    return node.inputs.slice(1, 5).every((parameter) => facts.isConstant(parameter))
      ? null
      : 'its parameters must be constant'
  },
)

export const activations: readonly Operator[] = [
  relu,
  leakyRelu,
  sigmoid,
  tanh,
  clip,
  batchNormalization,
]
