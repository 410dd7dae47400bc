import { ints } from '../../../../src/engine/onnx/attributes'
import { SmallNetwork } from '../../lrp/support/smallNetwork'

/** Two residual blocks of two convolutions each between one that sees three channels and a dense layer. */
export function residual(channels: number, side: number): Uint8Array {
  const net = new SmallNetwork([3, side, side])
  const conv = (x: string, from: number): string => {
    const weights = net.weights(`w ${x}`, [channels, from, 3, 3], 2 / Math.sqrt(9 * from))
    const bias = net.weights(`b ${x}`, [channels], 0.1)
    return net.node('Conv', [x, weights, bias], { pads: ints([1, 1, 1, 1]) })
  }
  let x = net.node('Relu', [conv('input', 3)])
  for (let at = 0; at < 2; at++) {
    const inner = net.node('Relu', [conv(x, channels)])
    x = net.node('Relu', [net.node('Add', [conv(inner, channels), x])])
  }
  const features = net.node('Flatten', [net.node('GlobalAveragePool', [x])])
  return net.finish(net.node('Gemm', [features, net.weights('v', [channels, 5])]))
}
