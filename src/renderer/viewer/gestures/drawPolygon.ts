import { distance } from '../../../shared/geometry/shapes'
import { constrainToAxis, isDegenerate } from '../../../shared/geometry/transform'
import type { Point } from '../../../shared/review/region'
import type { DrawContext, DrawInput, DrawStep } from './drawing'

export interface PolygonDraft {
  readonly tool: 'polygon'
  /** Never empty. */
  readonly points: readonly Point[]
  /** Where the next vertex would be. */
  readonly cursor: Point
}

/** A click this near to the first vertex closes, CSS pixels. */
export const closingDistance = 8

/**
 * A click sets a vertex; a double click, Enter, or a click on the first vertex closes.
 * A drag sets a vertex at both its ends. Shift keeps the edge on the axes and diagonals.
 */
export function stepPolygon(
  draft: PolygonDraft | null,
  input: DrawInput,
  context: DrawContext,
): DrawStep<PolygonDraft> {
  switch (input.kind) {
    case 'press':
      if (!draft) return begin(input.point)
      if (input.double) return close(draft)
      return addOrClose(draft, aim(draft, input.point, input.shift), context)
    case 'move':
      return {
        draft: draft && { ...draft, cursor: aim(draft, input.point, input.shift) },
        done: null,
      }
    case 'release':
      if (!draft || !input.dragged) return { draft, done: null }
      return addOrClose(draft, aim(draft, input.point, input.shift), context)
    case 'place':
      return draft ? addOrClose(draft, input.point, context) : begin(input.point)
    case 'finish':
      return draft ? close(draft) : { draft, done: null }
    case 'removeLast':
      if (!draft || draft.points.length === 1) return { draft: null, done: null }
      return { draft: { ...draft, points: draft.points.slice(0, -1) }, done: null }
  }
}

function begin(point: Point): DrawStep<PolygonDraft> {
  return { draft: { tool: 'polygon', points: [point], cursor: point }, done: null }
}

function aim(draft: PolygonDraft, point: Point, shift: boolean): Point {
  const last = draft.points.at(-1)
  return shift && last ? constrainToAxis(last, point) : point
}

function addOrClose(
  draft: PolygonDraft,
  point: Point,
  { scale }: DrawContext,
): DrawStep<PolygonDraft> {
  const first = draft.points[0]
  const last = draft.points.at(-1)
  const near = (vertex: Point | undefined, reach: number) =>
    vertex !== undefined && distance(vertex, point) * scale <= reach
  if (draft.points.length >= 3 && near(first, closingDistance)) return close(draft)
  // The same place twice closes for the keyboard, and adds nothing otherwise.
  if (near(last, 0.5)) return draft.points.length >= 3 ? close(draft) : { draft, done: null }
  return { draft: { ...draft, points: [...draft.points, point], cursor: point }, done: null }
}

/** Fewer than three vertices, or none apart, are not yet a polygon: drawing goes on. */
function close(draft: PolygonDraft): DrawStep<PolygonDraft> {
  const geometry = { kind: 'polygon' as const, points: [...draft.points] }
  if (draft.points.length < 3 || isDegenerate(geometry)) return { draft, done: null }
  return { draft: null, done: geometry }
}
