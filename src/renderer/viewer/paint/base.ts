import type { Box, Size } from '../../../shared/geometry/shapes'
import type { ViewTransform } from '../view/transform'

export interface BaseLayer {
  readonly source: CanvasImageSource
  /** Pixels of the source. */
  readonly size: Size
  /** Where it lies, image pixels. */
  readonly region: Box
  readonly alpha: number
  /** Painted below it where it is transparent. */
  readonly ground?: string
}

export interface BaseFrame {
  readonly view: ViewTransform
  readonly stage: Size
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number
  readonly smooth: boolean
  /** While the view moves speed counts, afterwards quality. */
  readonly moving: boolean
}

/** Draws image and heatmap, one above the other; only what the stage shows of them. */
export function drawBase(
  context: CanvasRenderingContext2D,
  layers: readonly BaseLayer[],
  frame: BaseFrame,
): void {
  const { pixelRatio, stage, smooth, moving } = frame
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
  context.imageSmoothingEnabled = smooth
  context.imageSmoothingQuality = moving ? 'low' : 'high'
  for (const layer of layers) {
    const part = visiblePart(layer, frame.view, stage)
    if (!part || layer.alpha <= 0) continue
    context.globalAlpha = layer.alpha
    const { from, to } = part
    if (layer.ground !== undefined) {
      context.fillStyle = layer.ground
      context.fillRect(to.x, to.y, to.width, to.height)
    }
    context.drawImage(
      layer.source,
      from.x,
      from.y,
      from.width,
      from.height,
      to.x,
      to.y,
      to.width,
      to.height,
    )
  }
  context.globalAlpha = 1
}

/**
 * Which part of a layer the stage shows (source pixels, whole ones and one more on each side, so
 * that smoothing at the stage's border has its neighbours), and where (CSS pixels). Null for none.
 */
export function visiblePart(
  layer: Pick<BaseLayer, 'size' | 'region'>,
  view: ViewTransform,
  stage: Size,
): { readonly from: Box; readonly to: Box } | null {
  const { size, region } = layer
  const perPixelX = (region.width / size.width) * view.scale
  const perPixelY = (region.height / size.height) * view.scale
  const originX = view.x + region.x * view.scale
  const originY = view.y + region.y * view.scale
  const left = Math.max(0, Math.floor(-originX / perPixelX) - 1)
  const top = Math.max(0, Math.floor(-originY / perPixelY) - 1)
  const right = Math.min(size.width, Math.ceil((stage.width - originX) / perPixelX) + 1)
  const bottom = Math.min(size.height, Math.ceil((stage.height - originY) / perPixelY) + 1)
  if (!(right > left && bottom > top)) return null
  return {
    from: { x: left, y: top, width: right - left, height: bottom - top },
    to: {
      x: originX + left * perPixelX,
      y: originY + top * perPixelY,
      width: (right - left) * perPixelX,
      height: (bottom - top) * perPixelY,
    },
  }
}
