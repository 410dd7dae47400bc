import { useEffect, useState } from 'react'
import type { ViewerProps, ViewerView } from '../types'
import { zoomText } from '../chips/scaleBar'

/** The view rests this long before it is spoken, milliseconds. */
const quiet = 800

/** What a screen reader hears of the stage, once it has come to rest. */
export function useSummary(props: ViewerProps, view: ViewerView | null): string {
  const [spoken, setSpoken] = useState('')
  const text = summary(props, view)
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), quiet)
    return () => clearTimeout(timer)
  }, [text])
  return spoken
}

export function summary(
  {
    image,
    heatmap,
    heatmapStyle,
    regions,
  }: Pick<ViewerProps, 'image' | 'heatmap' | 'heatmapStyle' | 'regions'>,
  view: ViewerView | null,
): string {
  if (!image || !view) return 'No image.'
  const { visible, scale } = view
  const x = Math.round(visible.x + visible.width / 2)
  const y = Math.round(visible.y + visible.height / 2)
  const layer =
    heatmap && heatmapStyle.visible
      ? `heatmap for ${heatmap.className} at ${Math.round(heatmapStyle.opacity * 100)} %`
      : 'no heatmap'
  const count = regions.length === 1 ? '1 region' : `${regions.length} regions`
  return `${image.name}, zoom ${zoomText(scale)}, centre x ${x}, y ${y}, ${layer}, ${count}.`
}
