import type { Box, Size } from '../../../shared/geometry/shapes'
import type { Point } from '../../../shared/review/region'
import type { ViewerView } from '../types'
import {
  centreOnBox,
  clampScale,
  fitView,
  keepInSight,
  panView,
  recentre,
  sameView,
  visibleBox,
  zoomTo,
  type ViewTransform,
} from '../view/transform'

/** Time constant of a zoom, milliseconds: two thirds of the way in this time. */
const zoomTime = 35
const settled = 1e-3

/**
 * The view, outside React: the stage redraws sixty times a second while it moves, the panels do
 * not. Changes are announced by `changed`; whoever draws asks `view()` in the next frame.
 */
export interface ViewModel {
  readonly view: () => ViewerView
  readonly stage: () => Size
  readonly image: () => Size | null
  readonly setStage: (stage: Size) => void
  readonly setImage: (image: Size | null, initial: ViewTransform | null) => void
  readonly fit: () => void
  readonly panBy: (dx: number, dy: number) => void
  /** Multiplies the scale, keeping what is under `at`; `smoothly` over some frames. */
  readonly zoomAt: (at: Point, factor: number, smoothly: boolean) => void
  readonly scaleTo: (scale: number) => void
  readonly centreOn: (box: Box) => void
  readonly centreAt: (point: Point) => void
  /** Goes on with a running zoom; true while there is one. @param elapsed milliseconds */
  readonly step: (elapsed: number) => boolean
}

export function createViewModel(changed: () => void): ViewModel {
  let stage: Size = { width: 0, height: 0 }
  let image: Size | null = null
  let current: ViewTransform = { scale: 1, x: 0, y: 0 }
  let snapshot: ViewerView = { ...current, visible: visibleBox(current, stage) }
  /** Nobody touched the view since it was fitted, so it fits again when the stage changes. */
  let fitted = true
  let wanted: ViewTransform | null = null
  let zoom: { readonly at: Point; readonly scale: number } | null = null

  const hasRoom = () => stage.width > 0 && stage.height > 0

  function set(next: ViewTransform): void {
    const kept = image ? keepInSight(next, image, stage) : next
    if (sameView(kept, current) && snapshot.visible.width * kept.scale === stage.width) return
    current = kept
    snapshot = { ...current, visible: visibleBox(current, stage) }
    changed()
  }

  function move(next: ViewTransform): void {
    zoom = null
    fitted = false
    set(next)
  }

  function fit(): void {
    zoom = null
    fitted = true
    if (image && hasRoom()) set(fitView(image, stage))
  }

  const middle = () => ({ x: stage.width / 2, y: stage.height / 2 })

  return {
    view: () => snapshot,
    stage: () => stage,
    image: () => image,
    fit,
    setStage(next) {
      const before = stage
      if (before.width === next.width && before.height === next.height) return
      stage = next
      if (!image || !hasRoom()) return
      if (wanted) {
        const view = wanted
        wanted = null
        return move(view)
      }
      if (fitted || before.width === 0) return fit()
      set(recentre(current, before, next))
    },
    setImage(next, initial) {
      image = next
      zoom = null
      wanted = null
      if (!next) return changed()
      if (!initial) return fit()
      // Before the stage has a size nothing can be kept in sight.
      if (hasRoom()) move(initial)
      else wanted = initial
    },
    panBy(dx, dy) {
      if (image) move(panView(current, dx, dy))
    },
    zoomAt(at, factor, smoothly) {
      if (!image || !hasRoom()) return
      const from = zoom ? zoom.scale : current.scale
      const scale = clampScale(from * factor, image, stage)
      if (!smoothly) return move(zoomTo(current, at, scale))
      fitted = false
      zoom = { at, scale }
      changed()
    },
    scaleTo(scale) {
      if (image) move(zoomTo(current, middle(), clampScale(scale, image, stage)))
    },
    centreOn(box) {
      if (image && hasRoom()) move(centreOnBox(current, box, image, stage))
    },
    centreAt(point) {
      const at = middle()
      move({ ...current, x: at.x - point.x * current.scale, y: at.y - point.y * current.scale })
    },
    step(elapsed) {
      if (!zoom) return false
      const left = zoom.scale / current.scale
      const arrived = Math.abs(Math.log(left)) < settled
      const share = arrived ? 1 : 1 - Math.exp(-elapsed / zoomTime)
      const next = zoomTo(current, zoom.at, arrived ? zoom.scale : current.scale * left ** share)
      if (arrived) zoom = null
      set(next)
      return zoom !== null
    },
  }
}
