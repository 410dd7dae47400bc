import { assertNever } from '../../../shared/assertNever'
import { bounds, clampPoint } from '../../../shared/geometry/bounds'
import { distance, isBox, isOutline, type Size } from '../../../shared/geometry/shapes'
import {
  constrainToAxis,
  dragHandle,
  handlePosition,
  handles,
  insertVertex,
  isDegenerate,
  moveVertex,
  resizeTo,
  toHundredths,
  toWholePixels,
  translateWithin,
  type Handle,
} from '../../../shared/geometry/transform'
import type { Geometry, Point } from '../../../shared/review/region'

/** What can be taken hold of on the selected region; positions in image pixels. */
export type Grip =
  | { readonly kind: 'handle'; readonly handle: Handle; readonly at: Point }
  | { readonly kind: 'vertex'; readonly index: number; readonly at: Point }
  /** The middle of an edge: dragging it makes a vertex before `index`. */
  | { readonly kind: 'middle'; readonly index: number; readonly at: Point }

/** Edges shorter than this have no middle grip, CSS pixels. */
const middleGripEdge = 36
/** A freehand outline with more vertices than this is resized as a whole, not vertex by vertex. */
const mostVertexGrips = 60

/** All grips of a region; the first under the pointer wins, so vertices come before middles. */
export function gripsOf(geometry: Geometry, scale: number): Grip[] {
  if (geometry.kind === 'point') return []
  if (
    !isOutline(geometry) ||
    (geometry.kind === 'freehand' && geometry.points.length > mostVertexGrips)
  ) {
    const box = bounds(geometry)
    const room = (side: number) => side * scale >= 40
    return handles
      .filter((handle) => handle.length === 2 || room(/[ns]/.test(handle) ? box.width : box.height))
      .map((handle) => ({ kind: 'handle', handle, at: handlePosition(box, handle) }))
  }
  const { points } = geometry
  const vertices = points.map((at, index): Grip => ({ kind: 'vertex', index, at }))
  const middles = points.flatMap((from, index): Grip[] => {
    const to = points[(index + 1) % points.length] ?? from
    if (distance(from, to) * scale < middleGripEdge) return []
    const at = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
    return [{ kind: 'middle', index: index + 1, at }]
  })
  return [...vertices, ...middles]
}

/** The grip under the pointer: the nearest within reach (CSS pixels). */
export function gripAt(
  grips: readonly Grip[],
  point: Point,
  scale: number,
  reach = 10,
): Grip | null {
  let best: Grip | null = null
  let nearest = reach
  for (const grip of grips) {
    const away = distance(grip.at, point) * scale
    if (away < nearest || (away === nearest && best === null)) {
      best = grip
      nearest = away
    }
  }
  return best
}

export function sameGrip(a: Grip, b: Grip): boolean {
  if (a.kind === 'handle') return b.kind === 'handle' && a.handle === b.handle
  return b.kind === a.kind && b.index === a.index
}

/** A region being moved or reshaped; `geometry` is what the stage shows meanwhile. */
export interface Edit {
  readonly original: Geometry
  readonly geometry: Geometry
  readonly from: Point
  readonly hold: { readonly kind: 'move' } | Grip
}

export function beginMove(geometry: Geometry, from: Point): Edit {
  return { original: geometry, geometry, from, hold: { kind: 'move' } }
}

export function beginReshape(geometry: Geometry, grip: Grip, from: Point): Edit {
  return { original: geometry, geometry, from, hold: grip }
}

/** The edit with the pointer at `to`; Shift keeps to an axis, or the ratio of a box's sides. */
export function dragEdit(edit: Edit, to: Point, shift: boolean, image: Size): Edit {
  const { original, hold, from } = edit
  switch (hold.kind) {
    case 'move': {
      const aimed = shift ? constrainToAxis(from, to) : to
      const by = snap(original, { x: aimed.x - from.x, y: aimed.y - from.y })
      return { ...edit, geometry: translateWithin(original, by.x, by.y, image) }
    }
    case 'handle': {
      // By how far the pointer went, not to where it is: taking hold beside the handle moves nothing.
      const aimed = { x: hold.at.x + to.x - from.x, y: hold.at.y + to.y - from.y }
      const target = clampPoint(snap(original, aimed), image)
      return {
        ...edit,
        geometry: resizeTo(original, dragHandle(bounds(original), hold.handle, target, shift)),
      }
    }
    case 'vertex': {
      const aimed = shift ? constrainToAxis(hold.at, to) : to
      return { ...edit, geometry: moveVertex(original, hold.index, clampPoint(aimed, image)) }
    }
    case 'middle':
      return { ...edit, geometry: insertVertex(original, hold.index, clampPoint(to, image)) }
    default:
      return assertNever(hold)
  }
}

function snap(geometry: Geometry, point: Point): Point {
  return isBox(geometry) ? toWholePixels(point) : toHundredths(point)
}

/** The geometry to keep; null when nothing changed or nothing would be left. */
export function finishEdit({ original, geometry }: Edit): Geometry | null {
  if (isDegenerate(geometry)) return null
  return JSON.stringify(geometry) === JSON.stringify(original) ? null : geometry
}

/** The same grip moved by image pixels with the keys. */
export function nudgeGrip(
  geometry: Geometry,
  grip: Grip,
  dx: number,
  dy: number,
  image: Size,
): Geometry | null {
  const edit = beginReshape(geometry, grip, grip.at)
  return finishEdit(dragEdit(edit, { x: grip.at.x + dx, y: grip.at.y + dy }, false, image))
}
