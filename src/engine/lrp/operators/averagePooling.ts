import { intOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import { inPlaceOfZero, type GraphBuilder } from '../builder'
import { connectionCounts } from '../layers/convolution'
import { windowOf, type ConvolutionWindow } from '../layers/transposeConvolution'
import { times, type LedgerSum } from '../ledgerSum'
import { sizeOf } from '../network'
import type { Share } from '../rules/rule'
import { carriedBy, divided, type Signal } from '../signal'
import { vanishesBelowZero } from '../vanishes'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import { reducedAxes } from './reducedAxes'
import { spreadWindows, tilesExactly } from './windowSums'

/** Σ_j m_ij s_j, where y_j = Σ_i m_ij x_i is the mean: the adjoint of the pooling. */
type Adjoint = (s: string) => string

/** `norm`: R_i = a_i Σ_j m_ij R_j / stab(y_j). */
export function normBack(
  node: Node,
  signal: Signal,
  context: BackwardContext,
  adjoint: Adjoint,
): void {
  const { builder, network, composite, ledger, send } = context
  const input = inputOf(node)
  const output = outputOf(node)
  if (!composite) {
    send(input, { factor: adjoint(signal.factor), carrier: null })
    return
  }
  // With ε = 0 a mean of nothing but zeros is not harmless: what it keeps is stated.
  const vanishes =
    (composite.normStabiliser > 0 && network.nonNegative.has(output)) ||
    vanishesBelowZero(network, carriedBy(signal), output)
  const epsilon = composite.normStabiliser
  const s = divided(builder, signal, output, epsilon, vanishes)
  const sent: Signal = { factor: adjoint(s), carrier: input }
  ledger?.record(
    { node: node.name, operator: node.operator, rule: 'norm' },
    ledger.sum(signal, network.shape(output)),
    [ledger.sum(sent, network.shape(input))],
    {
      stabiliser: stabiliserShare(context, s, output, vanishes),
    },
  )
  send(input, sent)
}

/**
 * Σ ε·sgn(z) s: what the stabiliser in a division by z took. With ε = 0 it is what an exact z = 0 keeps, whose
 * inputs add up to nothing that R could go to.
 * @param shape of z, where z is no value of the network.
 */
export function stabiliserShare(
  { builder, network, ledger, composite }: BackwardContext,
  s: string,
  z: string,
  vanishes: boolean,
  shape?: readonly number[],
): Share | undefined {
  const epsilon = composite?.normStabiliser ?? 0
  if (!ledger) return undefined
  if (epsilon === 0) {
    if (vanishes) return undefined
    const kept = (): LedgerSum =>
      ledger.sum({ factor: s, carrier: builder.isZero(z) }, shape ?? network.shape(z))
    return () => times(kept(), inPlaceOfZero)
  }
  const signed = (): string => (vanishes ? s : builder.mul(s, builder.sign(z)))
  return () =>
    times(ledger.sum({ factor: signed(), carrier: null }, shape ?? network.shape(z)), epsilon)
}

const averagePool: Operator = {
  names: ['AveragePool'],
  kind: 'rule',
  detail: 'norm',
  backward: (node, signal, context) => {
    const { network, builder } = context
    const input = inputOf(node)
    const window = windowOf(node, network.shape(input), network.shape(outputOf(node)))
    normBack(node, signal, context, (s) =>
      spreadMean(builder, s, node, window, context.relevanceShape(input)),
    )
  },
}

function spreadMean(
  builder: GraphBuilder,
  s: string,
  node: Node,
  window: ConvolutionWindow,
  inputShape: readonly number[],
): string {
  if (tilesExactly(window)) {
    const taps = sizeOf(window.kernel)
    return spreadWindows(builder, builder.scale(s, 1 / taps), window, inputShape)
  }
  const weights = builder.tensor(`mean:${node.name}`, () => ({
    dims: [1, 1, ...window.outputSize],
    values: divisorsOf(node, window).map((count) => 1 / count),
  }))
  return spreadWindows(builder, builder.mul(s, weights), window, inputShape)
}

/** The number of elements that each window takes the mean of, row-major over the output positions. */
export function divisorsOf(node: Node, window: ConvolutionWindow): Float32Array {
  const counted = intOf(node, 'count_include_pad', 0) === 1
  return counted ? paddedCounts(window) : connectionCounts(window)
}

/** With count_include_pad the padding counts, but what hangs over beyond it (ceil_mode) does not. */
function paddedCounts(window: ConvolutionWindow): Float32Array {
  const rank = window.kernel.length
  const padded = window.inputSize.map(
    (size, axis) => size + (window.pads[axis] ?? 0) + (window.pads[axis + rank] ?? 0),
  )
  return connectionCounts({ ...window, inputSize: padded, pads: window.pads.map(() => 0) })
}

const globalAveragePool: Operator = {
  names: ['GlobalAveragePool'],
  kind: 'rule',
  detail: 'norm',
  backward: (node, signal, context) => {
    const shape = context.relevanceShape(inputOf(node))
    normBack(node, signal, context, (s) =>
      overAll(context.builder, s, shape, sizeOf(shape.slice(2))),
    )
  },
}

/** The mean or the sum over any axes, which `upgrade` has spelt out. */
function overAxes(name: 'ReduceMean' | 'ReduceSum'): Operator {
  return {
    names: [name],
    kind: 'rule',
    detail: 'norm',
    refuse: (node, facts) =>
      node.inputs.slice(1).every((axes) => axes === '' || facts.isConstant(axes))
        ? null
        : 'its axes must be constant',
    backward: (node, signal, context) => {
      const { builder, network } = context
      const shape = context.relevanceShape(inputOf(node))
      const axes = reducedAxes(node, network)
      const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      const count = sizeOf(axes.map((axis) => shape[axis] ?? 1))
      normBack(node, signal, context, (s) =>
        overAll(builder, builder.reshape(s, kept), shape, name === 'ReduceMean' ? count : 1),
      )
    },
  }
}

function overAll(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  count: number,
): string {
  return builder.expand(builder.scale(s, 1 / count), shape)
}

export const averagePooling: readonly Operator[] = [
  averagePool,
  globalAveragePool,
  overAxes('ReduceMean'),
  overAxes('ReduceSum'),
]
