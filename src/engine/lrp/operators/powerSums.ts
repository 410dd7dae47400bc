import { intOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { windowOf } from '../layers/transposeConvolution'
import { divided, relevanceOf, type Signal } from '../signal'
import { stabiliserShare } from './averagePooling'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import { reducedAxes } from './reducedAxes'
import { spreadWindows } from './windowSums'

/**
 * y_j = g(Σ_i t(x_i)) over some of the elements: norms, logarithms of sums, pooling by a norm. As if written
 * out in activations, which pass, and sums, which share by `norm`: R_i = t_i Σ_j R_j / stab(Σ_i t_i).
 */
interface PowerSum {
  /** t(x_i), in the shape of x. */
  readonly terms: string
  /** Σ_i t(x_i), in the shape of y. */
  readonly total: string
  /** ∂y_j/∂x_i = inner_i · outer_j. */
  readonly inner: string
  readonly outer: string
}

type Written = (node: Node, context: BackwardContext) => PowerSum

/** From the shape of y to that of x: what the sums that an element is in have together. */
type Adjoint = (node: Node, context: BackwardContext) => (s: string) => string

function powerSum(names: readonly string[], write: Written, adjointOf: Adjoint): Operator {
  return {
    names,
    kind: 'rule',
    detail: 'norm of the powers',
    refuse: (node, facts) =>
      node.inputs.slice(1).every((axes) => axes === '' || facts.isConstant(axes))
        ? null
        : 'its axes must be constant',
    backward: (node, signal, context) => {
      const { builder, network, composite, ledger, send } = context
      const [x, y] = [inputOf(node), outputOf(node)]
      const { terms, total, inner, outer } = write(node, context)
      const adjoint = adjointOf(node, context)
      if (!composite) {
        const factor = builder.mul(adjoint(builder.mul(signal.factor, outer)), inner)
        send(x, { factor, carrier: null })
        return
      }
      // No total is negative, but one may be 0 that relevance arrives at.
      const vanishes = composite.normStabiliser > 0
      const s = divided(builder, signal, total, composite.normStabiliser, vanishes)
      const sent: Signal = { factor: adjoint(s), carrier: terms }
      send(x, sent)
      ledger?.record(
        { node: node.name, operator: node.operator, rule: 'norm' },
        ledger.sum(signal, network.shape(y)),
        [ledger.sum(sent, network.shape(x))],
        { stabiliser: stabiliserShare(context, s, total, vanishes, network.shape(y)) },
      )
    },
  }
}

const overAxes: Adjoint = (node, { builder, network, relevanceShape }) => {
  const shape = relevanceShape(inputOf(node))
  const axes = reducedAxes(node, network)
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return (s) => builder.expand(builder.reshape(s, kept), shape)
}

const overWindows: Adjoint = (node, { builder, network, relevanceShape }) => {
  const input = inputOf(node)
  const window = windowOf(node, network.shape(input), network.shape(outputOf(node)))
  return (s) => spreadWindows(builder, s, window, relevanceShape(input))
}

/** y to the power −1, or 0 where y is 0. */
function inverse(builder: GraphBuilder, y: string): string {
  const zero = builder.toFloat(builder.op('Equal', [y, builder.scalar(0)]))
  const one = builder.op('Sub', [builder.scalar(1), zero])
  return builder.div(one, builder.add(y, zero))
}

/** y = Σ |x| */
const l1: Written = (node, { builder }) => {
  const x = inputOf(node)
  return {
    terms: builder.op('Abs', [x]),
    total: outputOf(node),
    inner: builder.op('Sign', [x]),
    outer: builder.scalar(1),
  }
}

/** y = Σ x² */
const sumOfSquares: Written = (node, { builder }) => {
  const x = inputOf(node)
  return { terms: builder.mul(x, x), total: outputOf(node), inner: x, outer: builder.scalar(2) }
}

/** y = √Σ x² */
const l2: Written = (node, { builder }) => {
  const [x, y] = [inputOf(node), outputOf(node)]
  return {
    terms: builder.mul(x, x),
    total: builder.mul(y, y),
    inner: x,
    outer: inverse(builder, y),
  }
}

/** y = ln Σ x */
const logOfSum: Written = (node, { builder }) => {
  const total = builder.op('Exp', [outputOf(node)])
  return {
    terms: inputOf(node),
    total,
    inner: builder.scalar(1),
    outer: builder.div(builder.scalar(1), total),
  }
}

/** y = (Σ |x|^p)^(1/p) */
const norm: Written = (node, context) => {
  const { builder } = context
  const p = intOf(node, 'p', 2)
  if (p === 1) return l1(node, context)
  if (p === 2) return l2(node, context)
  const [x, y] = [inputOf(node), outputOf(node)]
  const size = builder.op('Abs', [x])
  const power = (value: string, exponent: number): string =>
    builder.op('Pow', [value, builder.scalar(exponent)])
  return {
    terms: power(size, p),
    total: power(y, p),
    inner: builder.mul(builder.op('Sign', [x]), power(size, p - 1)),
    outer: power(inverse(builder, y), p - 1),
  }
}

/**
 * y = ln Σ eˣ: R_i = e^(x_i − y) R, for which nothing is divided, and which loses nothing. It is the derivative,
 * too.
 */
const logSumExp: Operator = {
  names: ['ReduceLogSumExp'],
  kind: 'rule',
  detail: 'norm of the powers',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((axes) => axes === '' || facts.isConstant(axes))
      ? null
      : 'its axes must be constant',
  backward: (node, signal, context) => {
    const { builder, network, composite, ledger, send } = context
    const [x, y] = [inputOf(node), outputOf(node)]
    const axes = reducedAxes(node, network)
    const kept = network.shape(x).map((size, axis) => (axes.includes(axis) ? 1 : size))
    const share = builder.op('Exp', [builder.op('Sub', [x, builder.reshape(y, kept)])])
    const adjoint = overAxes(node, context)
    if (!composite) {
      send(x, { factor: builder.mul(adjoint(signal.factor), share), carrier: null })
      return
    }
    const sent: Signal = { factor: adjoint(relevanceOf(builder, signal)), carrier: share }
    send(x, sent)
    ledger?.record(
      { node: node.name, operator: node.operator, rule: 'norm' },
      ledger.sum(signal, network.shape(y)),
      [ledger.sum(sent, network.shape(x))],
      {},
    )
  },
}

/** Norms, logarithms of sums, and pooling by a norm. */
export const powerSums: readonly Operator[] = [
  powerSum(['ReduceL1'], l1, overAxes),
  powerSum(['ReduceSumSquare'], sumOfSquares, overAxes),
  powerSum(['ReduceL2'], l2, overAxes),
  powerSum(['ReduceLogSum'], logOfSum, overAxes),
  logSumExp,
  powerSum(['GlobalLpPool'], norm, overAxes),
  powerSum(['LpPool'], norm, overWindows),
]
