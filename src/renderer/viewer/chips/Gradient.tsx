import { useEffect, useRef } from 'react'
import { paintHeatmap, type HeatmapSign } from '../../../shared/colour/heatmap'

interface GradientProps {
  readonly colourMap: string
  readonly threshold: number
  readonly sign: HeatmapSign
}

const width = 512

/** −range to +range, painted by the function that paints the heatmap: hidden parts show as gaps. */
export function Gradient({ colourMap, threshold, sign }: GradientProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const ramp = Float32Array.from({ length: width }, (_, x) => (2 * (x + 0.5)) / width - 1)
    const pixels = paintHeatmap(ramp, width, 1, { colourMap, threshold, sign, range: 1 })
    context.putImageData(new ImageData(pixels, width, 1), 0, 0)
  }, [colourMap, threshold, sign])
  return <canvas ref={canvas} className="viewer-gradient" width={width} height={1} aria-hidden />
}
