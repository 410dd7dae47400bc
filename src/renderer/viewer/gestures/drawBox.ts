import { boxBetween } from '../../../shared/geometry/shapes'
import { constrainToSquare, isDegenerate, toWholePixels } from '../../../shared/geometry/transform'
import type { Geometry, Point } from '../../../shared/review/region'
import type { DrawInput, DrawStep } from './drawing'

/** A rectangle or ellipse between two opposite corners. */
export interface BoxDraft {
  readonly tool: 'rectangle' | 'ellipse'
  readonly from: Point
  readonly to: Point
  /** The first corner was set by a click of its own, so the next click sets the second. */
  readonly byClicks: boolean
}

/**
 * Press, drag, release; or, for those who cannot drag, a click for each corner.
 * Shift makes a square or a circle.
 */
export function stepBox(
  tool: BoxDraft['tool'],
  draft: BoxDraft | null,
  input: DrawInput,
): DrawStep<BoxDraft> {
  switch (input.kind) {
    case 'press':
      if (draft) return { draft: reach(draft, input.point, input.shift), done: null }
      return {
        draft: { tool, from: input.point, to: input.point, byClicks: false },
        done: null,
      }
    case 'move':
      return { draft: draft && reach(draft, input.point, input.shift), done: null }
    case 'release': {
      if (!draft) return { draft: null, done: null }
      const reached = reach(draft, input.point, input.shift)
      if (input.dragged || draft.byClicks) return close(reached)
      return { draft: { ...reached, byClicks: true }, done: null }
    }
    case 'place':
      if (draft) return close(reach(draft, input.point, false))
      return { draft: { tool, from: input.point, to: input.point, byClicks: true }, done: null }
    case 'finish':
      return draft ? close(draft) : { draft: null, done: null }
    case 'removeLast':
      return { draft: null, done: null }
  }
}

function reach(draft: BoxDraft, to: Point, shift: boolean): BoxDraft {
  return { ...draft, to: shift ? constrainToSquare(draft.from, to) : to }
}

/** Corners lie on whole pixels: nobody means a fraction, and the numbers stay readable. */
export function boxGeometry(draft: BoxDraft): Geometry {
  return { kind: draft.tool, ...boxBetween(toWholePixels(draft.from), toWholePixels(draft.to)) }
}

/** A box thinner than a pixel was not meant; by clicks its first corner stays. */
function close(draft: BoxDraft): DrawStep<BoxDraft> {
  const geometry = boxGeometry(draft)
  if (!isDegenerate(geometry)) return { draft: null, done: geometry }
  return { draft: draft.byClicks ? draft : null, done: null }
}
