import { heatmapPainter, type HeatmapPaint } from '../../../shared/colour/heatmap'
import type { ViewerHeatmap } from '../types'

/** Up to this many pixels are painted at once, in a few milliseconds; more go part by part. */
const atOnce = 2_000_000

export interface PaintedHeatmap {
  readonly canvas: HTMLCanvasElement
  readonly heatmap: ViewerHeatmap
}

/**
 * The painted heatmap, repainted only when values or colours change; opacity is not its business.
 * A large one is painted in parts between which the window breathes; meanwhile the old one stays.
 */
export interface HeatmapCache {
  readonly update: (heatmap: ViewerHeatmap | null, paint: HeatmapPaint) => void
  readonly painted: () => PaintedHeatmap | null
  readonly dispose: () => void
}

function samePaint(a: HeatmapPaint, b: HeatmapPaint): boolean {
  return (
    a.colourMap === b.colourMap &&
    a.range === b.range &&
    a.threshold === b.threshold &&
    a.sign === b.sign
  )
}

export function createHeatmapCache(changed: () => void): HeatmapCache {
  let painted: PaintedHeatmap | null = null
  let asked: { readonly heatmap: ViewerHeatmap; readonly paint: HeatmapPaint } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function stop(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  function show(heatmap: ViewerHeatmap, pixels: Uint32Array<ArrayBuffer>): void {
    const fits = painted?.canvas.width === heatmap.width && painted.canvas.height === heatmap.height
    const canvas = fits && painted ? painted.canvas : document.createElement('canvas')
    if (!fits) {
      canvas.width = heatmap.width
      canvas.height = heatmap.height
    }
    const bytes = new Uint8ClampedArray(pixels.buffer)
    canvas.getContext('2d')?.putImageData(new ImageData(bytes, heatmap.width, heatmap.height), 0, 0)
    painted = { canvas, heatmap }
    changed()
  }

  return {
    painted: () => painted,
    dispose() {
      stop()
      asked = null
      painted = null
    },
    update(heatmap, paint) {
      if (!heatmap || heatmap.width < 1 || heatmap.height < 1) {
        stop()
        asked = null
        if (painted) changed()
        painted = null
        return
      }
      if (asked?.heatmap.values === heatmap.values && samePaint(asked.paint, paint)) {
        // The same numbers elsewhere on the image: no new painting, but a new place.
        if (painted && painted.heatmap.values === heatmap.values) painted = { ...painted, heatmap }
        return
      }
      stop()
      asked = { heatmap, paint }
      const pixels = new Uint32Array(heatmap.width * heatmap.height)
      const paintPart = heatmapPainter(heatmap.values, paint)
      const goOn = (from: number) => {
        const to = Math.min(pixels.length, from + atOnce)
        paintPart(pixels, from, to)
        if (to < pixels.length) timer = setTimeout(() => goOn(to), 0)
        else show(heatmap, pixels)
      }
      goOn(0)
    },
  }
}
