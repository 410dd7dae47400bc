import { ints } from '../../../src/engine/onnx/attributes'
import { SmallNetwork } from '../lrp/support/smallNetwork'

/** The node of `quotientModel` that has a gradient and no rule. */
export const quotientNode = '/quotient'

/** The card that lies beside it. */
export const quotientCard = {
  name: 'Quotient',
  version: '1',
  labels: ['one', 'two', 'three'],
  input: {
    ...{ name: 'input', width: 28, height: 28, layout: 'NCHW', channels: 'GRAY' },
    ...{ scale: 1 / 255, mean: [0], std: [1] },
  },
  output: { name: '/dense_out', kind: 'logits' },
}

/** An operator that nobody has heard of, so that there is not even a gradient; 16×16 grey pixels. */
export function oddModel(): Uint8Array {
  const net = new SmallNetwork([1, 16, 16])
  const flat = net.node('Flatten', ['input'])
  const odd = net.node('Foo', [flat], {}, '/odd')
  return net.finish(net.node('Gemm', [odd, net.weights('w', [256, 3])]))
}

/** Three classes of 28×28 grey pixels; two convolutions are divided by one another, for which there is no rule. */
export function quotientModel(): Uint8Array {
  const net = new SmallNetwork([1, 28, 28])
  const strides = { strides: ints([2, 2]) }
  const above = net.node(
    'Relu',
    [net.node('Conv', ['input', net.weights('w1', [4, 1, 4, 4])], strides, '/above')],
    {},
    '/relu',
  )
  const below = net.node(
    'Sigmoid',
    [net.node('Conv', ['input', net.weights('w2', [4, 1, 4, 4])], strides, '/below')],
    {},
    '/sigmoid',
  )
  const quotient = net.node('Div', [above, below], {}, quotientNode)
  const flat = net.node('Flatten', [quotient], {}, '/flatten')
  const logits = net.node('Gemm', [flat, net.weights('w3', [4 * 13 * 13, 3])], {}, '/dense')
  return net.finish(logits)
}
