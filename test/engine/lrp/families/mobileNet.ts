import type { Activation, Exporter, Feature } from './exporter'
import { squeezeExcite } from './gates'

/** MobileNet v1 (Howard et al., 2017): depthwise and 1 × 1 convolutions in turn, ReLU6. */
export function mobileNetV1(e: Exporter): Uint8Array {
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu6')
  for (const [out, stride] of [
    [12, 1],
    [16, 2],
    [16, 1],
  ] as const) {
    const groups = x.shape[0] ?? 1
    x = e.act(e.convNorm(x, { out: groups, kernel: 3, stride, pad: 1, groups }), 'relu6')
    x = e.act(e.convNorm(x, { out, kernel: 1 }), 'relu6')
  }
  return e.finish(e.dense(e.dropout(e.flatten(e.globalPool(x))), 5))
}

interface Inverted {
  readonly expanded: number
  readonly out: number
  readonly kernel: number
  readonly stride: number
  readonly gated: boolean
  readonly activation: (x: Feature) => Feature
  readonly gate?: Activation
}

/** Wide in the middle, narrow and linear at the end, with a shortcut between the narrow ends. */
function invertedResidual(e: Exporter, x: Feature, options: Inverted): Feature {
  const { expanded, out, kernel, stride, gated, activation, gate = 'hardSigmoid' } = options
  const wide = expanded === x.shape[0] ? x : activation(e.convNorm(x, { out: expanded, kernel: 1 }))
  const pad = (kernel - 1) / 2
  const spatial = activation(
    e.convNorm(wide, { out: expanded, kernel, stride, pad, groups: expanded }),
  )
  const weighed = gated ? squeezeExcite(e, spatial, { squeezed: 4, inner: 'relu', gate }) : spatial
  const narrow = e.convNorm(weighed, { out, kernel: 1 })
  return stride === 1 && x.shape[0] === out ? e.add(x, narrow) : narrow
}

/** MobileNet v2 (Sandler et al., 2018): inverted residuals. */
export function mobileNetV2(e: Exporter): Uint8Array {
  const common = {
    kernel: 3,
    gated: false,
    activation: (x: Feature): Feature => e.act(x, 'relu6'),
  }
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu6')
  x = invertedResidual(e, x, { ...common, expanded: 8, out: 6, stride: 1 })
  x = invertedResidual(e, x, { ...common, expanded: 24, out: 8, stride: 2 })
  x = invertedResidual(e, x, { ...common, expanded: 24, out: 8, stride: 1 })
  x = e.act(e.convNorm(x, { out: 24, kernel: 1 }), 'relu6')
  return e.finish(e.dense(e.dropout(e.flatten(e.globalPool(x))), 5))
}

/** x · relu6(x + 3) / 6 as models wrote it before there was a function for it. */
function spelledHardSwish(e: Exporter, x: Feature): Feature {
  const clipped = e.clip(e.withNumber('Add', x, 3), 0, 6)
  return e.withNumber('Div', e.mul(x, clipped), 6)
}

/** MobileNet v3 (Howard et al., 2019): hard-swish, and gates by hard-sigmoid. */
export function mobileNetV3(e: Exporter, hardSwish: 'function' | 'spelled out'): Uint8Array {
  const swish = (x: Feature): Feature =>
    hardSwish === 'function' ? e.act(x, 'hardSwish') : spelledHardSwish(e, x)
  const relu = (x: Feature): Feature => e.act(x, 'relu')
  let x = swish(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }))
  x = invertedResidual(e, x, { expanded: 8, out: 8, kernel: 3, stride: 1, gated: true, activation: relu }) // prettier-ignore
  x = invertedResidual(e, x, { expanded: 20, out: 10, kernel: 5, stride: 2, gated: true, activation: swish }) // prettier-ignore
  x = invertedResidual(e, x, { expanded: 20, out: 10, kernel: 5, stride: 1, gated: true, activation: swish }) // prettier-ignore
  x = swish(e.convNorm(x, { out: 24, kernel: 1 }))
  x = e.flatten(e.globalPool(x))
  x = e.dropout(swish(e.dense(x, 20)))
  return e.finish(e.dense(x, 5))
}
