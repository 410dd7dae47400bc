import { useLayoutEffect, useEffect, useState, type RefObject } from 'react'
import type { Size } from '../../../shared/geometry/shapes'

/** The element's content size in whole CSS pixels, followed; `changed` hears of it before React does. */
export function useElementSize(
  element: RefObject<HTMLElement | null>,
  changed: (size: Size) => void,
): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const width = Math.floor(entry.contentRect.width)
      const height = Math.floor(entry.contentRect.height)
      changed({ width, height })
      setSize((now) => (now.width === width && now.height === height ? now : { width, height }))
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [element, changed])
  return size
}

/** Device pixels per CSS pixel; changes when the window moves to another screen or is zoomed. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio)
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${ratio}dppx)`)
    const follow = () => setRatio(window.devicePixelRatio)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [ratio])
  return ratio
}
