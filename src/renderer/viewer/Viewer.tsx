import { useId } from 'react'
import { Minimap } from './chips/Minimap'
import { ScaleBar } from './chips/ScaleBar'
import { Annotations } from './stage/Annotations'
import { useElementSize, usePixelRatio } from './stage/useElementSize'
import { useStage } from './stage/useStage'
import { useSummary } from './stage/useSummary'
import type { Tool, ViewerProps } from './types'
import './viewer.css'
import './chips/chips.css'

/** How each tool is used, shown while it is active. */
const toolHints: Record<Tool, string | null> = {
  select: null,
  point: 'Click to place a point',
  rectangle: 'Drag, or click two corners · Shift makes a square · Esc cancels',
  ellipse: 'Drag, or click two corners · Shift makes a circle · Esc cancels',
  polygon: 'Click the corners · Enter or double click closes · Backspace takes one back',
  freehand: 'Draw around in one stroke · Esc cancels',
  tile: 'Click to explain the outlined tile alone · W explains the whole image',
}

/**
 * The stage: an image with its heatmap and regions, to be looked at and drawn on.
 * Controlled: all that lasts comes in as props and goes out as calls; only the view and the
 * gesture in flight are its own.
 */
export function Viewer(props: ViewerProps) {
  const keysId = useId()
  const pixelRatio = usePixelRatio()
  const { element, canvas, layers, view, runtime } = useStage(props, pixelRatio)
  const { model } = runtime
  const size = useElementSize(element, model.setStage)
  const summary = useSummary(props, view)
  const { image, tool, micronsPerPixel, children } = props
  const hint = image ? toolHints[tool] : null

  return (
    <div className="viewer">
      <div
        ref={element}
        className="viewer-stage"
        role="application"
        aria-roledescription="image stage"
        aria-label={image ? `Image ${image.name}` : 'Image stage, empty'}
        aria-describedby={keysId}
        tabIndex={0}
      >
        <canvas ref={canvas} className="viewer-base" />
        <div className="viewer-annotations" aria-hidden="true">
          <Annotations size={size} pixelRatio={pixelRatio} runtime={runtime} layers={layers} />
        </div>
      </div>
      <p id={keysId} className="viewer-unseen">
        With a drawing tool the arrow keys move a crosshair and Enter places a point; the same place
        twice closes a polygon. Square brackets choose a corner of the selected region, the arrow
        keys then move it. Alt and the arrow keys move the region.
      </p>
      <p className="viewer-unseen" role="status" aria-live="polite">
        {summary}
      </p>
      {children}
      {image && view && <Minimap image={image} view={view} onCentre={model.centreAt} />}
      {image && view && <ScaleBar scale={view.scale} micronsPerPixel={micronsPerPixel} />}
      {hint && <p className="viewer-chip viewer-hint">{hint}</p>}
    </div>
  )
}
