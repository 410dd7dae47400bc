import { emptyVerdict } from '../../shared/review/verdict'
import {
  applyCommand,
  commandName,
  type Review,
  type ReviewCommand,
} from '../../shared/review/review'
import type { ReviewState, SessionImage } from '../../shared/session'

/**
 * A review as main last confirmed it, and the commands that are on their way there.
 * What the window shows is `base` with `pending` applied in order.
 */
export interface ReviewEntry {
  readonly base: ReviewState
  readonly pending: readonly ReviewCommand[]
  readonly shown: ReviewState
}

export const emptyReviewState: ReviewState = {
  review: { regions: [], verdict: emptyVerdict },
  undo: null,
  redo: null,
  savedAt: null,
}

export function entryOf(base: ReviewState, pending: readonly ReviewCommand[] = []): ReviewEntry {
  let shown = base
  const kept: ReviewCommand[] = []
  for (const command of pending) {
    const next = tryApply(shown, command)
    // A command that no longer fits (its region was undone meanwhile) is refused by main too.
    kept.push(command)
    if (next) shown = next
  }
  return { base, pending: kept, shown }
}

function tryApply(state: ReviewState, command: ReviewCommand): ReviewState | null {
  try {
    const { review } = applyCommand(state.review, command)
    return { ...state, review, undo: commandName(state.review, command), redo: null }
  } catch {
    return null
  }
}

/** Shows the command before main has it. @throws AppError when it does not fit the review. */
export function begin(entry: ReviewEntry, command: ReviewCommand): ReviewEntry {
  applyCommand(entry.shown.review, command)
  return entryOf(entry.base, [...entry.pending, command])
}

/** Main has confirmed the oldest pending command. */
export function confirm(entry: ReviewEntry, base: ReviewState): ReviewEntry {
  return entryOf(base, entry.pending.slice(1))
}

/** Main has refused the oldest pending command: the review goes back to what is saved. */
export function refuse(entry: ReviewEntry): ReviewEntry {
  return entryOf(entry.base, entry.pending.slice(1))
}

/** What the worklist says of an image follows from its review. */
export function summary(
  review: Review,
): Pick<SessionImage, 'decision' | 'regionCount' | 'touched'> {
  const { verdict, regions } = review
  const said =
    verdict.decision !== null ||
    verdict.correctClass !== null ||
    verdict.confidence !== null ||
    verdict.plausible !== null ||
    verdict.comment.trim() !== ''
  return {
    decision: verdict.decision,
    regionCount: regions.length,
    touched: said || regions.length > 0,
  }
}
