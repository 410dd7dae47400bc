import { useEffect, useRef, type PointerEvent } from 'react'
import type { Point } from '../../../shared/review/region'
import type { ViewerImage, ViewerView } from '../types'

interface MinimapProps {
  readonly image: ViewerImage
  readonly view: ViewerView
  readonly onCentre: (point: Point) => void
}

/** The longer side, CSS pixels. */
const longest = 112

/** The whole image, and on it what the stage shows. Click or drag to go there. */
export function Minimap({ image, view, onCentre }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const scale = longest / Math.max(image.width, image.height)
  const width = Math.max(1, Math.round(image.width * scale))
  const height = Math.max(1, Math.round(image.height * scale))

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const ratio = Math.min(2, window.devicePixelRatio)
    context.canvas.width = width * ratio
    context.canvas.height = height * ratio
    context.imageSmoothingQuality = 'high'
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, width * ratio, height * ratio)
    context.drawImage(image.bitmap, 0, 0, width * ratio, height * ratio)
  }, [image.bitmap, width, height])

  const goTo = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    onCentre({ x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale })
  }
  const { visible } = view
  const left = Math.max(0, visible.x * scale)
  const top = Math.max(0, visible.y * scale)
  const right = Math.min(width, (visible.x + visible.width) * scale)
  const bottom = Math.min(height, (visible.y + visible.height) * scale)

  return (
    <div className="viewer-chip viewer-minimap" title="Overview: click or drag to go there">
      <div
        className="viewer-minimap-field"
        role="img"
        aria-label={`Overview of ${image.name}`}
        style={{ width, height }}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
          goTo(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(event)
        }}
      >
        <canvas ref={canvas} />
        <span
          className="viewer-minimap-frame"
          style={{
            left,
            top,
            width: Math.max(3, right - left),
            height: Math.max(3, bottom - top),
          }}
        />
      </div>
    </div>
  )
}
