import type { Point } from '../../../shared/review/region'
import type { DrawInput, DrawStep } from './drawing'

/** The pointer is down; the point lies where it is released. */
export interface PointDraft {
  readonly tool: 'point'
  readonly at: Point
}

export function stepPoint(draft: PointDraft | null, input: DrawInput): DrawStep<PointDraft> {
  switch (input.kind) {
    case 'press':
      return { draft: { tool: 'point', at: input.point }, done: null }
    case 'move':
      return { draft: draft && { tool: 'point', at: input.point }, done: null }
    case 'release':
      return { draft: null, done: draft && { kind: 'point', ...input.point } }
    case 'place':
      return { draft: null, done: { kind: 'point', ...input.point } }
    case 'finish':
    case 'removeLast':
      return { draft: null, done: null }
  }
}
