import { intOf, intsOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { connectionCounts } from '../layers/convolution'
import {
  transposeConvolution,
  windowOf,
  type ConvolutionWindow,
} from '../layers/transposeConvolution'
import { sizeOf } from '../network'
import type { Share } from '../rules/rule'
import { divided, type Signal } from '../signal'
import { vanishesBelowZero } from '../vanishes'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'

/** Σ_j m_ij s_j, where y_j = Σ_i m_ij x_i is the mean: the adjoint of the pooling. */
type Adjoint = (s: string) => string

/** `norm`: R_i = a_i Σ_j m_ij R_j / stab(y_j). */
function backward(node: Node, signal: Signal, context: BackwardContext, adjoint: Adjoint): void {
  const { builder, network, composite, ledger, send } = context
  const input = inputOf(node)
  const output = outputOf(node)
  if (!composite) {
    send(input, { factor: adjoint(signal.factor), carrier: null })
    return
  }
  const vanishes =
    network.nonNegative.has(output) || vanishesBelowZero(network, signal.carrier, output)
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

/** Σ ε·sgn(z) s: what the stabiliser in a division by z took. */
export function stabiliserShare(
  { builder, network, ledger, composite }: BackwardContext,
  s: string,
  z: string,
  vanishes: boolean,
): Share | undefined {
  const epsilon = composite?.normStabiliser ?? 0
  if (!ledger || epsilon === 0) return undefined
  const signed = (): string => (vanishes ? s : builder.mul(s, builder.sign(z)))
  return () =>
    builder.scale(ledger.sum({ factor: signed(), carrier: null }, network.shape(z)), epsilon)
}

const averagePool: Operator = {
  names: ['AveragePool'],
  kind: 'rule',
  detail: 'norm',
  backward: (node, signal, context) => {
    const { network, builder } = context
    const input = inputOf(node)
    const window = windowOf(node, network.shape(input), network.shape(outputOf(node)))
    backward(node, signal, context, (s) =>
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
  const [batch = 1, channels = 1] = inputShape
  const taps = sizeOf(window.kernel)
  if (tilesExactly(window)) {
    return builder.upsample(builder.scale(s, 1 / taps), [1, 1, ...window.kernel])
  }
  const counted = intOf(node, 'count_include_pad', 0) === 1
  const divisors = counted ? paddedCounts(window) : connectionCounts(window)
  const weights = builder.tensor(`mean:${node.name}`, () => ({
    dims: [1, 1, ...window.outputSize],
    values: divisors.map((count) => 1 / count),
  }))
  // Every channel by itself: channels join the batch.
  const alone = builder.reshape(builder.mul(s, weights), [
    batch * channels,
    1,
    ...window.outputSize,
  ])
  const dims = [1, 1, ...window.kernel]
  const ones = builder.tensor(`ones:${dims.join(',')}`, () => ({
    dims,
    values: new Float32Array(taps).fill(1),
  }))
  const spread = transposeConvolution(
    builder,
    alone,
    { name: ones, dims, value: () => 1 },
    { ...window, group: 1 },
  )
  return builder.reshape(spread, inputShape)
}

function tilesExactly(window: ConvolutionWindow): boolean {
  return (
    window.pads.every((pad) => pad === 0) &&
    window.kernel.every(
      (size, axis) =>
        size === window.strides[axis] &&
        size * (window.outputSize[axis] ?? 0) === window.inputSize[axis],
    )
  )
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
    backward(node, signal, context, (s) =>
      overAll(context.builder, s, shape, sizeOf(shape.slice(2))),
    )
  },
}

/** The mean over any axes, which `upgrade` has spelt out. */
const reduceMean: Operator = {
  names: ['ReduceMean'],
  kind: 'rule',
  detail: 'norm',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((axes) => axes === '' || facts.isConstant(axes))
      ? null
      : 'its axes must be constant',
  backward: (node, signal, context) => {
    const { builder } = context
    const shape = context.relevanceShape(inputOf(node))
    const axes = (intsOf(node, 'axes') ?? []).map((axis) => (axis + shape.length) % shape.length)
    const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    const count = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1)
    backward(node, signal, context, (s) => overAll(builder, builder.reshape(s, kept), shape, count))
  },
}

function overAll(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  count: number,
): string {
  return builder.expand(builder.scale(s, 1 / count), shape)
}

export const averagePooling: readonly Operator[] = [averagePool, globalAveragePool, reduceMean]
