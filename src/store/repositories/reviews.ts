import { AppError } from '../../shared/errors'
import {
  applyCommand,
  commandName,
  reviewCommandSchema,
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

  const get = (imageId: ImageId): ReviewState => {
    const { changedAt } = guard.require(imageId)
    return {
      review: rows.load(imageId),
      undo: history.nextUndo(imageId)?.name ?? null,
      redo: history.nextRedo(imageId)?.name ?? null,
      savedAt: changedAt,
    }
  }

  /** The part that do, undo and redo share; gives back the command that takes it back. */
  const change = (
    imageId: ImageId,
    doing: ReviewCommand,
    entry: { readonly kind: string; readonly payload: object },
  ) => {
    const { sessionId } = guard.require(imageId)
    const before = rows.load(imageId)
    const { review: after, inverse } = applyCommand(before, doing)
    rows.write(imageId, before, after, doing)
    const time = now()
    touchImage(time, imageId)
    touchSession(time, imageId)
    audit.append({ ...entry, sessionId, imageId })
    return inverse
  }

  const apply = (imageId: ImageId, input: ReviewCommand): void => {
    guard.require(imageId)
    const doing = restorable(input)
    const name = commandName(rows.load(imageId), doing)
    const dropped = history.dropRedo(imageId)
    const last = history.nextUndo(imageId)
    const inverse = change(imageId, doing, {
      kind: 'review.apply',
      payload: { name, command: doing, ...(dropped.length > 0 ? { dropped } : {}) },
    })
    const joinsUntil = onlyComments(doing) ? later(now(), joiningTime) : null
    if (last?.joinsUntil && joinsUntil !== null && now() <= last.joinsUntil) {
      history.extend(imageId, last.seq, doing, joinsUntil)
    } else {
      history.push(imageId, { name, command: doing, inverse, joinsUntil })
    }
  }

  const undo = (imageId: ImageId): void => {
    guard.require(imageId)
    const step = history.nextUndo(imageId)
    if (!step) return
    change(imageId, step.inverse, {
      kind: 'review.undo',
      payload: { name: `Undo ${step.name}`, command: step.inverse },
    })
    history.mark(imageId, step.seq, true)
  }

  const redo = (imageId: ImageId): void => {
    guard.require(imageId)
    const step = history.nextRedo(imageId)
    if (!step) return
    change(imageId, step.command, {
      kind: 'review.redo',
      payload: { name: `Redo ${step.name}`, command: step.command },
    })
    history.mark(imageId, step.seq, false)
  }

  const inTransaction = (work: () => void, imageId: ImageId): ReviewState =>
    transaction(db, () => {
      work()
      return get(imageId)
    })

  return {
    get,
    apply: (imageId, input) => inTransaction(() => apply(imageId, input), imageId),
    undo: (imageId) => inTransaction(() => undo(imageId), imageId),
    redo: (imageId) => inTransaction(() => redo(imageId), imageId),
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
