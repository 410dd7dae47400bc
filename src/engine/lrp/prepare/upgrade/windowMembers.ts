import { int, intOf, ints } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { windowOf } from '../../layers/transposeConvolution'
import { sizeOf, type NetworkNode } from '../../network'
import { divisorsOf } from '../../operators/averagePooling'
import { NodeWriter } from '../nodeWriter'
import { shapeOf, type Upgrading } from './upgrading'
import { overhang, type Geometry } from './geometry'

/**
 * Pooling in a form that opset 17 has not (dilations, and LpPool with windows that hang over), out of what it
 * has: the sum over each window is a convolution of every channel by itself with a kernel of ones.
 */
export function writtenOut(node: Node, geometry: Geometry, to: Upgrading): NetworkNode[] {
  const w = new NodeWriter(node, to.draft)
  const [x = ''] = node.inputs
  return w.finish(
    node.operator === 'LpPool' ? norm(w, node, x, geometry, to) : mean(w, node, x, geometry, to),
  )
}

function mean(w: NodeWriter, node: Node, x: string, geometry: Geometry, to: Upgrading): string {
  const output = shapeOf(node.outputs[0], to)
  const window = windowOf(node, w.shape(x), output)
  const shares = divisorsOf(node, window).map((count) => 1 / count)
  const weights = w.floats('shares', [1, 1, ...window.outputSize], shares)
  return w.op('Mul', [windowSums(w, x, geometry, output), weights])
}

/** (Σ |x|^p)^(1/p) */
function norm(w: NodeWriter, node: Node, x: string, geometry: Geometry, to: Upgrading): string {
  const p = intOf(node, 'p', 2)
  const size = w.op('Abs', [x])
  const powers = p === 1 ? size : w.op('Pow', [size, w.scalar(p)])
  const sums = windowSums(w, powers, geometry, shapeOf(node.outputs[0], to))
  return p === 1 ? sums : w.op('Pow', [sums, w.scalar(1 / p)])
}

function windowSums(
  w: NodeWriter,
  x: string,
  geometry: Geometry,
  output: readonly number[],
): string {
  const [batch = 1, channels = 1, ...size] = w.shape(x)
  const { kernel, strides, dilations, pads } = geometry
  const beyond = overhang(geometry)
  const alone = w.reshape(x, [batch * channels, 1, ...size])
  const ones = w.floats('ones', [1, 1, ...kernel], new Float32Array(sizeOf(kernel)).fill(1))
  const attributes = {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    pads: ints(pads.map((pad, at) => pad + (beyond[at - kernel.length] ?? 0))),
    group: int(1),
  }
  const sums = w.op('Conv', [alone, ones], attributes, [batch * channels, 1, ...output.slice(2)])
  return w.reshape(sums, output)
}
