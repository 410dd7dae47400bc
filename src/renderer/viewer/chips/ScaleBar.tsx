import { scaleBar, zoomText } from './scaleBar'

interface ScaleBarProps {
  readonly scale: number
  readonly micronsPerPixel: number | null
}

export function ScaleBar({ scale, micronsPerPixel }: ScaleBarProps) {
  const { width, text } = scaleBar(scale, micronsPerPixel)
  return (
    <div className="viewer-chip viewer-scale">
      <span className="viewer-scale-bar" style={{ width }} aria-hidden="true" />
      <span>
        {text}
        {micronsPerPixel === null && (
          <span className="viewer-scale-unknown"> · µm/px not known</span>
        )}
      </span>
      <span className="viewer-scale-zoom" title="Zoom: CSS pixels per image pixel">
        {zoomText(scale)}
      </span>
    </div>
  )
}
