import type { Exporter, Feature } from './exporter'
import { squeezeExcite } from './gates'

interface Options {
  /** torchvision pools adaptively, timm takes the mean over both axes. */
  readonly pool: 'global' | 'mean'
}

/** EfficientNet (Tan and Le, 2019): inverted residuals with SiLU, every one of them gated. */
export function efficientNet(e: Exporter, { pool }: Options): Uint8Array {
  const block = (x: Feature, expanded: number, out: number, kernel: number, stride: number) => {
    const wide =
      expanded === x.shape[0] ? x : e.act(e.convNorm(x, { out: expanded, kernel: 1 }), 'silu')
    const pad = (kernel - 1) / 2
    const spatial = { out: expanded, kernel, stride, pad, groups: expanded }
    const weighed = squeezeExcite(e, e.act(e.convNorm(wide, spatial), 'silu'), {
      squeezed: 4,
      inner: 'silu',
      gate: 'sigmoid',
      pool,
    })
    const narrow = e.convNorm(weighed, { out, kernel: 1 })
    return stride === 1 && x.shape[0] === out ? e.add(narrow, x) : narrow
  }
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'silu')
  x = block(x, 8, 6, 3, 1)
  x = block(x, 24, 10, 5, 2)
  x = block(x, 24, 10, 3, 1)
  x = e.act(e.convNorm(x, { out: 24, kernel: 1 }), 'silu')
  return e.finish(e.dense(e.dropout(e.flatten(e.globalPool(x))), 5))
}

/** RegNetY (Radosavovic et al., 2020): bottlenecks of grouped convolutions, gated. */
export function regNet(e: Exporter): Uint8Array {
  const block = (x: Feature, width: number, stride: number): Feature => {
    const first = e.act(e.convNorm(x, { out: width, kernel: 1 }), 'relu')
    const grouped = { out: width, kernel: 3, stride, pad: 1, groups: width / 4 }
    const gated = squeezeExcite(e, e.act(e.convNorm(first, grouped), 'relu'), {
      squeezed: 3,
      inner: 'relu',
      gate: 'sigmoid',
    })
    const last = e.convNorm(gated, { out: width, kernel: 1 })
    const shortcut =
      stride === 1 && x.shape[0] === width ? x : e.convNorm(x, { out: width, kernel: 1, stride })
    return e.act(e.add(shortcut, last), 'relu')
  }
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = block(block(block(x, 12, 2), 12, 1), 16, 2)
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}
