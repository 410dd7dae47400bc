import { useEffect, useRef } from 'react'
import { legendRange, paintHeatmap, pixelRelevance } from '../../shared/colour/heatmap'
import type { ReportImage } from '../../shared/report/model'
import { isBox, isOutline } from '../../shared/geometry/shapes'
import type { Region } from '../../shared/review/region'
import { newJobId } from '../api/client'
import { useApp } from '../components/AppContext'
import type { App } from '../state/app'
import styles from './ReportPages.module.css'

/** Enough for a preview; the report itself has the image's own pixels. */
const longestSide = 700

async function paint(app: App, canvas: HTMLCanvasElement, image: ReportImage): Promise<void> {
  const context = canvas.getContext('2d')
  if (!context) return
  await app.images.load(image.id)
  const bitmap = app.images.store.getState().bitmaps.get(image.id)
  if (!bitmap) return
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  if (!image.explanation) return
  const { result, view } = image.explanation
  const { relevance } = await app.api.call('analysis.explain', {
    jobId: newJobId(),
    imageId: image.id,
    spec: result.spec,
  })
  const map = pixelRelevance(new Float32Array(relevance), result.shape)
  const range = view.range > 0 ? view.range : legendRange(map.values, view.normalisation).range
  const pixels = paintHeatmap(map.values, map.width, map.height, { ...view, range })
  const heat = await createImageBitmap(new ImageData(pixels, map.width, map.height))
  const scale = canvas.width / image.width
  const { x, y, width, height } = result.region
  context.globalAlpha = view.opacity
  context.drawImage(heat, x * scale, y * scale, width * scale, height * scale)
  context.globalAlpha = 1
  heat.close()
}

export function ReportPicture({
  image,
  heatmap,
}: {
  readonly image: ReportImage
  readonly heatmap: boolean
}) {
  const app = useApp()
  const ref = useRef<HTMLCanvasElement>(null)
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height))
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    const shown = heatmap ? image : { ...image, explanation: null }
    let started = false
    // Only the pages that are looked at are painted: a session may have thousands.
    const observer = new IntersectionObserver((entries) => {
      if (started || !entries.some((entry) => entry.isIntersecting)) return
      started = true
      paint(app, canvas, shown).catch(app.notices.fail)
    })
    observer.observe(canvas)
    return () => {
      observer.disconnect()
    }
  }, [app, image, heatmap])
  return (
    <div className={styles['frame']}>
      <canvas
        ref={ref}
        width={Math.max(1, Math.round(image.width * scale))}
        height={Math.max(1, Math.round(image.height * scale))}
        role="img"
        aria-label={heatmap ? `${image.name} with its heatmap` : image.name}
      />
      <svg viewBox={`0 0 ${image.width} ${image.height}`} aria-hidden="true">
        {image.review.regions.map((region) => (
          <Outline
            key={region.id}
            region={region}
            unit={Math.max(image.width, image.height) / 300}
          />
        ))}
      </svg>
    </div>
  )
}

/** @param unit the length of about one pixel on paper, in image pixels */
function Outline({ region, unit }: { readonly region: Region; readonly unit: number }) {
  const { geometry, colour } = region
  const strokes = [
    { stroke: '#000', strokeOpacity: 0.55, strokeWidth: unit * 3 },
    { stroke: colour, strokeOpacity: 1, strokeWidth: unit * 1.5 },
  ]
  return (
    <g fill="none" strokeLinejoin="round">
      {strokes.map((stroke) => {
        if (isOutline(geometry)) {
          const points = geometry.points.map(({ x, y }) => `${x},${y}`).join(' ')
          return <polygon key={stroke.stroke} points={points} {...stroke} />
        }
        if (!isBox(geometry)) {
          return (
            <circle key={stroke.stroke} cx={geometry.x} cy={geometry.y} r={unit * 4} {...stroke} />
          )
        }
        const { x, y, width, height } = geometry
        return geometry.kind === 'rectangle' ? (
          <rect key={stroke.stroke} x={x} y={y} width={width} height={height} {...stroke} />
        ) : (
          <ellipse
            key={stroke.stroke}
            cx={x + width / 2}
            cy={y + height / 2}
            rx={width / 2}
            ry={height / 2}
            {...stroke}
          />
        )
      })}
    </g>
  )
}
