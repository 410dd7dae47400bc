import { int, ints, string } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { manyTimes, type Network } from '../network'
import { ceilMode, windowOf, type ConvolutionWindow } from '../layers/transposeConvolution'
import { relevanceOf, type Signal } from '../signal'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import { recordRoute } from './routes/moved'
import { tilesExactly } from './windowSums'

/** The winner takes all; of equal winners the first in the window. */
export const maxPooling: Operator = {
  names: ['MaxPool'],
  kind: 'route',
  detail: 'winner takes all',
  backward: (node, signal, context, at) => {
    // Indices are whole numbers and get nothing.
    if (at !== 0) return
    const { builder, network, composite, ledger, send } = context
    const input = inputOf(node)
    const output = outputOf(node)
    const sent =
      composite && signal.carrier === output
        ? carried(context, node, signal.factor)
        : { factor: toWinners(context, node, relevanceOf(builder, signal)), carrier: null }
    if (ledger) {
      recordRoute(node, signal, [ledger.sum(sent, network.shape(input))], context)
    }
    send(input, sent)
  },
}

/**
 * At the winner the input equals the output, so it takes the output's place as carrier. Several starts have the same
 * winners: where windows do not overlap the winners alone are the carrier, and what is sent to them lies everywhere.
 */
function carried(context: BackwardContext, node: Node, factor: string): Signal {
  const { builder, network, starts } = context
  const [input, output] = [inputOf(node), outputOf(node)]
  const side = starts > 1 ? sideOfTiles(windowIn(network, node)) : null
  if (side === null) return { factor: toWinners(context, node, factor), carrier: input }
  return {
    factor: builder.upsample(factor, [1, 1, side, side]),
    carrier: byTaps(builder, node, output, side),
    partOf: input,
  }
}

function windowIn(network: Network, node: Node): ConvolutionWindow {
  return windowOf(node, network.shape(inputOf(node)), network.shape(outputOf(node)))
}

/** Of square windows in two dimensions that do not overlap and leave nothing out; else null. */
function sideOfTiles(window: ConvolutionWindow): number | null {
  const [height = 0, width = 0, ...more] = window.kernel
  return tilesExactly(window) && more.length === 0 && height === width ? height : null
}

function toWinners(
  { builder, network, starts }: BackwardContext,
  node: Node,
  tensor: string,
): string {
  const window = windowIn(network, node)
  const side = sideOfTiles(window)
  if (side !== null) return byTaps(builder, node, tensor, side)
  return tilesExactly(window)
    ? byComparison(builder, node, tensor, window)
    : byIndices(builder, node, tensor, network.shape(inputOf(node)), window, starts)
}

/**
 * Square windows that do not overlap, one tap of all windows after the other: what equals the maximum takes
 * all that those before it have left, and the last tap what nobody took.
 */
function byTaps(builder: GraphBuilder, node: Node, tensor: string, side: number): string {
  const parts: string[] = []
  let left = tensor
  for (let tap = 0; tap < side * side - 1; tap++) {
    const pixels = builder.op('Slice', [
      inputOf(node),
      builder.integers([Math.floor(tap / side), tap % side]),
      builder.integers([endOfAxis, endOfAxis]),
      builder.integers([2, 3]),
      builder.integers([side, side]),
    ])
    const wins = builder.toFloat(builder.op('Equal', [pixels, outputOf(node)]))
    const taken = builder.mul(left, wins)
    parts.push(taken)
    left = builder.op('Sub', [left, taken])
  }
  const together = builder.concat([...parts, left], 1)
  return builder.op('DepthToSpace', [together], { blocksize: int(side), mode: string('DCR') })
}

/** Where a slice goes on to the end. */
const endOfAxis = 2 ** 31 - 1

/**
 * Other windows that do not overlap: compare every pixel with its window's maximum. Ties are broken by a
 * rank that falls along the window: of the equal pixels only the one with the highest rank stays.
 */
function byComparison(
  builder: GraphBuilder,
  node: Node,
  tensor: string,
  window: ConvolutionWindow,
): string {
  const factors = [1, 1, ...window.kernel]
  const isMaximum = builder.toFloat(
    builder.op('Equal', [builder.upsample(outputOf(node), factors), inputOf(node)]),
  )
  const ranked = builder.mul(isMaximum, ranks(builder, window))
  const best = builder.op('MaxPool', [ranked], {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
  })
  // Ranks start at 1, so the best is never 0 and pixels that are not the maximum never equal it.
  const winner = builder.toFloat(builder.op('Equal', [builder.upsample(best, factors), ranked]))
  return builder.mul(builder.upsample(tensor, factors), winner)
}

function ranks(builder: GraphBuilder, window: ConvolutionWindow): string {
  const dims = [1, 1, ...window.inputSize]
  return builder.tensor(`ranks:${window.kernel.join(',')}:${window.inputSize.join(',')}`, () => {
    const total = window.kernel.reduce((product, size) => product * size, 1)
    const count = window.inputSize.reduce((product, size) => product * size, 1)
    const values = new Float32Array(count)
    for (let at = 0; at < count; at++) {
      let rest = at
      let inWindow = 0
      let stride = 1
      for (let axis = window.inputSize.length - 1; axis >= 0; axis--) {
        const size = window.inputSize[axis] ?? 1
        const kernel = window.kernel[axis] ?? 1
        inWindow += ((rest % size) % kernel) * stride
        stride *= kernel
        rest = Math.floor(rest / size)
      }
      values[at] = total - inWindow
    }
    return { dims, values }
  })
}

/** Overlapping windows: a pixel may win several times, so what it wins is added up. */
function byIndices(
  builder: GraphBuilder,
  node: Node,
  tensor: string,
  shape: readonly number[],
  window: ConvolutionWindow,
  starts: number,
): string {
  const [, indices = ''] = builder.outputs('MaxPool', [inputOf(node)], 2, {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
    dilations: ints(window.dilations),
    pads: ints(window.pads),
    ceil_mode: int(ceilMode(node) ? 1 : 0),
  })
  const count = shape.reduce((product, size) => product * size, 1)
  const outputs = window.outputSize.reduce((product, size) => product * size, 1)
  const winners = (shape[0] ?? 1) * (shape[1] ?? 1) * outputs
  const once = builder.reshape(indices, [1, winners])
  const scattered = builder.op(
    'ScatterElements',
    [
      builder.expand(builder.scalar(0), [starts, count]),
      // The winners are the same for every start.
      starts === 1 ? once : builder.expand(once, [starts, winners]),
      builder.reshape(tensor, [starts, winners]),
    ],
    { axis: int(1), reduction: { kind: 'string', value: 'add' } },
  )
  return builder.reshape(scattered, manyTimes(shape, starts))
}
