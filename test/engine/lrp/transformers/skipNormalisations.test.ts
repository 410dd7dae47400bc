import { describe, expect, test } from 'vitest'
import { float } from '../../../../src/engine/onnx/attributes'
import { relativeL2 } from '../../../support/npy'
import { noise, type SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'
import {
  type Write,
  channels,
  height,
  width,
  epsilon,
  network,
  input,
  vector,
  number,
  mean,
  onLast,
  fusedLayer,
} from './normalForms'

describe('ONNX Runtime’s sum and normalisation in one', () => {
  const branch: Write = (net, x) => net.node('Mul', [x, vector(net, 'shift', [channels])])
  const vectors = (net: SmallNetwork): string[] => [
    vector(net, 'scale', [channels]),
    vector(net, 'shift', [channels]),
    net.floats('bias', [channels], noise(23, channels)),
  ]
  /** On [batch, places, channels]. */
  const places = (make: Write): Uint8Array =>
    network(
      onLast((net, x) => {
        const y = make(net, net.node('Reshape', [x, net.integers('places', [0, -1, channels])]))
        return net.node('Reshape', [y, net.integers('grid', [-1, height, width, channels])])
      }),
    )
  const rms: Write = (net, x) => {
    const square = mean(net, net.node('Mul', [x, x]), [-1])
    const root = net.node('Sqrt', [net.node('Add', [square, number(net, epsilon)])])
    return net.node('Mul', [net.node('Div', [x, root]), vector(net, 'scale', [channels])])
  }
  const attributes = { epsilon: float(epsilon) }

  const pairs: Record<string, [Uint8Array, Uint8Array]> = {
    SkipLayerNormalization: [
      places((net, x) => {
        const [scaling = '', shifting = ''] = vectors(net)
        const inputs = [x, branch(net, x), scaling, shifting]
        return net.node('com.microsoft.SkipLayerNormalization', inputs, attributes)
      }),
      places((net, x) => fusedLayer(net, net.node('Add', [x, branch(net, x)]))),
    ],
    'with a bias, its sum used again': [
      places((net, x) => {
        const inputs = [x, branch(net, x), ...vectors(net)]
        const outputs = ['normal', '', '', 'sum']
        net.node('com.microsoft.SkipLayerNormalization', inputs, attributes, 'skip', outputs)
        return net.node('Add', ['normal', 'sum'])
      }),
      places((net, x) => {
        const [, , bias = ''] = vectors(net)
        const sum = net.node('Add', [net.node('Add', [x, branch(net, x)]), bias])
        return net.node('Add', [fusedLayer(net, sum), sum])
      }),
    ],
    SkipSimplifiedLayerNormalization: [
      places((net, x) => {
        const inputs = [x, branch(net, x), vector(net, 'scale', [channels])]
        return net.node('com.microsoft.SkipSimplifiedLayerNormalization', inputs, attributes)
      }),
      places((net, x) => rms(net, net.node('Add', [x, branch(net, x)]))),
    ],
    SimplifiedLayerNormalization: [
      places((net, x) =>
        net.node('SimplifiedLayerNormalization', [x, vector(net, 'scale', [channels])], attributes),
      ),
      places(rms),
    ],
  }

  describe.each(Object.entries(pairs))('%s', (_, [fused, apart]) => {
    test.each(['attn-lrp', 'epsilon', 'gradient'] as const)('%s', async (method) => {
      const [a, b] = [await explained(fused, method, input), await explained(apart, method, input)]
      expect(relativeL2(a.logits, b.logits)).toBeLessThan(1e-5)
      expect(relativeL2(a.relevance, b.relevance)).toBeLessThan(1e-4)
    })
  })

  test('a deviation that something else reads is refused by name', async () => {
    const bytes = places((net, x) => {
      const inputs = [x, vector(net, 'scale', [channels]), vector(net, 'shift', [channels])]
      net.node('LayerNormalization', inputs, attributes, 'the odd one', ['normal', 'mean'])
      return net.node('Add', ['normal', 'mean'])
    })
    await expect(explained(bytes, 'attn-lrp', input)).rejects.toThrow(
      'Node “the odd one” (LayerNormalization) cannot be explained: its mean or deviation is used elsewhere.',
    )
  })
})
