import { distance } from '../../../shared/geometry/shapes'
import { simplifyRing } from '../../../shared/geometry/simplify'
import { isDegenerate } from '../../../shared/geometry/transform'
import type { Point } from '../../../shared/review/region'
import type { DrawContext, DrawInput, DrawStep } from './drawing'

export interface FreehandDraft {
  readonly tool: 'freehand'
  /** Never empty. */
  readonly points: readonly Point[]
  /** Set by single clicks or keys, point by point, instead of in one stroke. */
  readonly byClicks: boolean
}

/** Points of a stroke lie at least this far apart, CSS pixels. */
const sampleDistance = 1.5
/** How far the stored outline may lie from the stroke, CSS pixels at the zoom it was drawn at. */
const tolerance = 0.75
/** What the schema of a region allows. */
const mostPoints = 100_000

/** One stroke from press to release; or clicks, closed by a double click or Enter. */
export function stepFreehand(
  draft: FreehandDraft | null,
  input: DrawInput,
  context: DrawContext,
): DrawStep<FreehandDraft> {
  switch (input.kind) {
    case 'press':
      if (!draft) return begin(input.point, false)
      return input.double
        ? close(draft, context)
        : { draft: add(draft, input.point, context), done: null }
    case 'move':
      if (!draft || draft.byClicks) return { draft, done: null }
      return { draft: add(draft, input.point, context), done: null }
    case 'release':
      if (!draft || draft.byClicks) return { draft, done: null }
      if (!input.dragged) return { draft: { ...draft, byClicks: true }, done: null }
      return close(draft, context)
    case 'place': {
      if (!draft) return begin(input.point, true)
      const added = add(draft, input.point, context)
      return added === draft ? close(draft, context) : { draft: added, done: null }
    }
    case 'finish':
      return draft ? close(draft, context) : { draft, done: null }
    case 'removeLast':
      if (!draft || draft.points.length === 1) return { draft: null, done: null }
      return { draft: { ...draft, points: draft.points.slice(0, -1) }, done: null }
  }
}

function begin(point: Point, byClicks: boolean): DrawStep<FreehandDraft> {
  return { draft: { tool: 'freehand', points: [point], byClicks }, done: null }
}

function add(draft: FreehandDraft, point: Point, { scale }: DrawContext): FreehandDraft {
  const last = draft.points.at(-1)
  if (last && distance(last, point) * scale < sampleDistance) return draft
  return { ...draft, points: [...draft.points, point] }
}

/** A stroke without area was not meant; by clicks drawing goes on until there is one. */
function close(draft: FreehandDraft, { scale }: DrawContext): DrawStep<FreehandDraft> {
  let reach = tolerance / scale
  let points = simplifyRing(draft.points, reach)
  while (points.length > mostPoints) {
    reach *= 2
    points = simplifyRing(points, reach)
  }
  const geometry = { kind: 'freehand' as const, points }
  if (points.length < 3 || isDegenerate(geometry)) {
    return { draft: draft.byClicks ? draft : null, done: null }
  }
  return { draft: null, done: geometry }
}
