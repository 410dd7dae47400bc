import type { Box, Size } from '../../../shared/geometry/shapes'
import type { Point } from '../../../shared/review/region'

/**
 * Where the image lies on the stage: view = image · scale + (x, y).
 * View coordinates are CSS pixels from the stage's upper left corner.
 */
export interface ViewTransform {
  /** CSS pixels per image pixel. */
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** Free space around a fitted image, CSS pixels: above for the layer control, below for the legend. */
const fitInsets = { side: 24, top: 60, bottom: 112 }
/** No inset takes more of a small stage than this share of its side. */
const mostInset = 0.14
/** One image pixel is never larger than this many CSS pixels. */
export const maxScale = 64
/** At least this much of the image stays on the stage, CSS pixels. */
const sightMargin = 64

export function toView(view: ViewTransform, point: Point): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y }
}

export function toImage(view: ViewTransform, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale }
}

/** The part of the stage that the floating chips leave free. */
function freeRoom(stage: Size): Box {
  const inset = (wanted: number, side: number) => Math.min(wanted, side * mostInset)
  const left = inset(fitInsets.side, stage.width)
  const top = inset(fitInsets.top, stage.height)
  const bottom = inset(fitInsets.bottom, stage.height)
  return {
    x: left,
    y: top,
    width: stage.width - 2 * left,
    height: stage.height - top - bottom,
  }
}

/** The whole image in the middle of what the chips leave free of the stage. */
export function fitView(image: Size, stage: Size): ViewTransform {
  const room = freeRoom(stage)
  const width = Math.max(1, image.width)
  const height = Math.max(1, image.height)
  const scale = Math.min(maxScale, room.width / width, room.height / height)
  // Where the room is wider than needed the image may as well lie in the middle of all of it.
  const y = Math.max(
    room.y,
    Math.min((stage.height - height * scale) / 2, room.y + room.height - height * scale),
  )
  return { scale, x: (stage.width - width * scale) / 2, y }
}

function centred(box: Box, scale: number, stage: Size): ViewTransform {
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  }
}

/** Half the fitted size, or half of 1:1 where the image is smaller than the stage. */
export function minScale(image: Size, stage: Size): number {
  return Math.min(1, fitView(image, stage).scale) / 2
}

export function clampScale(scale: number, image: Size, stage: Size): number {
  return Math.min(maxScale, Math.max(minScale(image, stage), scale))
}

/** To `scale`, keeping the image point under `at` (view coordinates) where it is. */
export function zoomTo(view: ViewTransform, at: Point, scale: number): ViewTransform {
  const fixed = toImage(view, at)
  return { scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale }
}

export function panView(view: ViewTransform, dx: number, dy: number): ViewTransform {
  return { ...view, x: view.x + dx, y: view.y + dy }
}

/** Moved just as far as needed for a strip of the image to stay on the stage. */
export function keepInSight(view: ViewTransform, image: Size, stage: Size): ViewTransform {
  const along = (offset: number, length: number, room: number) => {
    const strip = Math.min(sightMargin, length, room / 2)
    return Math.min(room - strip, Math.max(strip - length, offset))
  }
  return {
    ...view,
    x: along(view.x, image.width * view.scale, stage.width),
    y: along(view.y, image.height * view.scale, stage.height),
  }
}

/** The part of the image plane that the stage shows, in image pixels. */
export function visibleBox(view: ViewTransform, stage: Size): Box {
  const from = toImage(view, { x: 0, y: 0 })
  return {
    x: from.x,
    y: from.y,
    width: stage.width / view.scale,
    height: stage.height / view.scale,
  }
}

/** `box` in the middle; zoomed out where it does not fit, in where it would be smaller than a tenth. */
export function centreOnBox(
  view: ViewTransform,
  box: Box,
  image: Size,
  stage: Size,
): ViewTransform {
  const fits = Math.min(
    stage.width / Math.max(box.width, 1e-6),
    stage.height / Math.max(box.height, 1e-6),
  )
  const scale = Math.min(fits * 0.8, Math.max(view.scale, Math.min(fits * 0.1, 8)))
  return centred(box, clampScale(scale, image, stage), stage)
}

/** After the stage changed its size: the image point in its middle stays in the middle. */
export function recentre(view: ViewTransform, before: Size, after: Size): ViewTransform {
  return panView(view, (after.width - before.width) / 2, (after.height - before.height) / 2)
}

export function sameView(a: ViewTransform, b: ViewTransform): boolean {
  return a.scale === b.scale && a.x === b.x && a.y === b.y
}
