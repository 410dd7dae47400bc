import { AppError } from '../../shared/errors'
import {
  applyCommand,
  commandName,
  reviewCommandSchema,
  type Applied,
  type Review,
  type ReviewCommand,
} from '../../shared/review/review'
import type { ImageId, ReviewState } from '../../shared/session'
import { command, transaction } from '../database/sql'
import type { Reviews } from '../types'
import type { Context } from './context'
import { createHistoryRows } from './historyRows'
import type { ImageGuard } from './imageGuard'
import { createReviewRows } from './reviewRows'

/** Comment edits closer together than this are one undo step. Milliseconds. */
const joiningTime = 2000

/** Reviews, each change one transaction: the rows, the undo step, the audit entry. */
export function createReviews({ db, audit, now }: Context, guard: ImageGuard): Reviews {
  const rows = createReviewRows(db)
  const history = createHistoryRows(db)
  const touchImage = command(db, 'UPDATE image SET changed_at = ? WHERE id = ?')
  const touchSession = command(
    db,
    'UPDATE session SET updated_at = ? WHERE id = (SELECT session_id FROM image WHERE id = ?)',
  )

  const stateOf = (imageId: ImageId, review: Review): ReviewState => ({
    review,
    undo: history.nextUndo(imageId)?.name ?? null,
    redo: history.nextRedo(imageId)?.name ?? null,
    savedAt: guard.require(imageId).changedAt,
  })

  const get = (imageId: ImageId): ReviewState => {
    guard.require(imageId)
    return stateOf(imageId, rows.load(imageId))
  }

  /** The part that do, undo and redo share. */
  const change = (
    imageId: ImageId,
    before: Review,
    doing: ReviewCommand,
    entry: { readonly kind: string; readonly payload: object },
  ): Applied => {
    const applied = applyCommand(before, doing)
    rows.write(imageId, before, applied.review, doing)
    const time = now()
    touchImage(time, imageId)
    touchSession(time, imageId)
    audit.append({ ...entry, sessionId: guard.require(imageId).sessionId, imageId })
    return applied
  }

  const apply = (imageId: ImageId, before: Review, input: ReviewCommand): Review => {
    const doing = restorable(input)
    const name = commandName(before, doing)
    const dropped = history.dropRedo(imageId)
    const last = history.nextUndo(imageId)
    const { review, inverse } = change(imageId, before, doing, {
      kind: 'review.apply',
      payload: { name, command: doing, ...(dropped.length > 0 ? { dropped } : {}) },
    })
    const time = now()
    const joinsUntil = onlyComments(doing) ? later(time, joiningTime) : null
    if (last?.joinsUntil && joinsUntil !== null && time <= last.joinsUntil) {
      history.extend(imageId, last.seq, doing, joinsUntil)
    } else {
      history.push(imageId, { name, command: doing, inverse, joinsUntil })
    }
    return review
  }

  const undo = (imageId: ImageId, before: Review): Review => {
    const step = history.nextUndo(imageId)
    if (!step) return before
    const { review } = change(imageId, before, step.inverse, {
      kind: 'review.undo',
      payload: { name: `Undo ${step.name}`, command: step.inverse },
    })
    history.mark(imageId, step.seq, true)
    return review
  }

  const redo = (imageId: ImageId, before: Review): Review => {
    const step = history.nextRedo(imageId)
    if (!step) return before
    const { review } = change(imageId, before, step.command, {
      kind: 'review.redo',
      payload: { name: `Redo ${step.name}`, command: step.command },
    })
    history.mark(imageId, step.seq, false)
    return review
  }

  const inTransaction = (imageId: ImageId, work: (before: Review) => Review): ReviewState =>
    transaction(db, () => {
      guard.require(imageId)
      return stateOf(imageId, work(rows.load(imageId)))
    })

  return {
    get,
    apply: (imageId, input) => inTransaction(imageId, (before) => apply(imageId, before, input)),
    undo: (imageId) => inTransaction(imageId, (before) => undo(imageId, before)),
    redo: (imageId) => inTransaction(imageId, (before) => redo(imageId, before)),
  }
}

/** The command exactly as it will read back from the disk. */
function restorable(input: ReviewCommand): ReviewCommand {
  const raw: unknown = JSON.parse(JSON.stringify(input))
  const parsed = reviewCommandSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError(
    'invalid-input',
    `This change is not valid and was not made (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
  )
}

function onlyComments(doing: ReviewCommand): boolean {
  return doing.kind === 'set-verdict' && Object.keys(doing.patch).every((key) => key === 'comment')
}

function later(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString()
}
