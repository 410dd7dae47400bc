import { ruleFor } from '../composites'
import { convolutionLayer } from '../layers/convolution'
import { transposeConvolutionLayer } from '../layers/convolutionTranspose'
import { denseLayer } from '../layers/dense'
import type { LinearLayer } from '../layers/linearLayer'
import { asIs } from '../layers/weights'
import { rectifiedOf } from '../vanishes'
import { halfToEach, hasWeights } from './bilinear'
import { inputOf, outputOf, type BackwardContext, type NodeFacts, type Operator } from './operator'
import type { Node } from '../../onnx/model'
import { carriedBy, type Signal } from '../signal'

function backward(layer: LinearLayer, node: Node, signal: Signal, context: BackwardContext): void {
  const { builder, network, composite, ledger, place, send } = context
  if (!composite) {
    send(layer.x, { factor: layer.transpose(signal.factor, asIs), carrier: null })
    return
  }
  const rule = ruleFor(composite, place(node))
  const result = rule.apply({
    builder,
    layer,
    relevance: signal,
    rectified: rectifiedOf(network, carriedBy(signal), layer.z),
  })
  ledger?.record(
    { node: node.name, operator: node.operator, rule: rule.label },
    ledger.sum(signal, network.shape(outputOf(node))),
    [ledger.sum(result.signal, layer.inputShape)],
    result.shares,
  )
  send(layer.x, result.signal)
}

function constantWeights(node: Node, facts: NodeFacts): string | null {
  if (facts.isConstant(inputOf(node))) return 'its first input must be the activation'
  const parameters = node.inputs.slice(1).filter((value) => value !== '')
  return parameters.every((value) => facts.isConstant(value))
    ? null
    : 'its weights and bias must be constant'
}

export const convolution: Operator = {
  names: ['Conv'],
  kind: 'rule',
  detail: 'by composite',
  refuse: constantWeights,
  backward: (node, signal, context) =>
    backward(convolutionLayer(context, node), node, signal, context),
}

export const transposedConvolution: Operator = {
  names: ['ConvTranspose'],
  kind: 'rule',
  detail: 'by composite',
  refuse: constantWeights,
  backward: (node, signal, context) =>
    backward(transposeConvolutionLayer(context, node), node, signal, context),
}

/** `denseForm` has brought every product with constant weights to this form. */
export const dense: Operator = {
  names: ['Gemm'],
  kind: 'rule',
  detail: halfToEach,
  isLinear: hasWeights,
  refuse: (node, facts) =>
    [0, 1].every((at) => facts.isConstant(inputOf(node, at)))
      ? 'it multiplies constants, and only what it adds depends on the pixels'
      : null,
  backward: (node, signal, context) => backward(denseLayer(context, node), node, signal, context),
}
