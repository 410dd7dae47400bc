import { z } from 'zod'
import { reviewCommandSchema, type ReviewCommand } from '../../shared/review/review'
import type { ImageId } from '../../shared/session'
import { command, json, query, type Db } from '../database/sql'

const stepRow = z.object({
  seq: z.number().int().positive(),
  name: z.string(),
  command: json(reviewCommandSchema),
  inverse: json(reviewCommandSchema),
  joinsUntil: z.iso.datetime().nullable(),
})
export type Step = z.infer<typeof stepRow>

const columns = 'seq, name, command, inverse, joins_until AS joinsUntil'

/**
 * The undo steps of each image: first those done, then those undone, which the next new command
 * drops (the audit trail keeps them).
 */
export function createHistoryRows(db: Db) {
  const done = query(
    db,
    'undo step',
    stepRow,
    `SELECT ${columns} FROM history WHERE image_id = ? AND undone = 0 ORDER BY seq DESC LIMIT 1`,
  )
  const undone = query(
    db,
    'undo step',
    stepRow,
    `SELECT ${columns} FROM history WHERE image_id = ? AND undone = 1 ORDER BY seq LIMIT 1`,
  )
  const tail = query(
    db,
    'undo step',
    z.object({ name: z.string() }),
    'SELECT name FROM history WHERE image_id = ? AND undone = 1 ORDER BY seq',
  )
  const dropTail = command(db, 'DELETE FROM history WHERE image_id = ? AND undone = 1')
  const insert = command(
    db,
    `INSERT INTO history (image_id, seq, name, command, inverse, joins_until)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const mark = command(
    db,
    'UPDATE history SET undone = ?, joins_until = NULL WHERE image_id = ? AND seq = ?',
  )
  // Once one has gone back and forth, the next edit is a step of its own.
  const close = command(db, 'UPDATE history SET joins_until = NULL WHERE image_id = ?')
  const extend = command(
    db,
    'UPDATE history SET command = ?, joins_until = ? WHERE image_id = ? AND seq = ?',
  )

  return {
    nextUndo: (imageId: ImageId) => done.one(imageId),
    nextRedo: (imageId: ImageId) => undone.one(imageId),
    /** Gives back the names of the steps that can no longer be redone. */
    dropRedo: (imageId: ImageId): string[] => {
      const names = tail.all(imageId).map(({ name }) => name)
      if (names.length > 0) dropTail(imageId)
      return names
    },
    push: (imageId: ImageId, step: Omit<Step, 'seq'>): void => {
      const seq = (done.one(imageId)?.seq ?? 0) + 1
      const { name, inverse, joinsUntil } = step
      const doing = JSON.stringify(step.command)
      insert(imageId, seq, name, doing, JSON.stringify(inverse), joinsUntil)
    },
    /** The step now leads to what `doing` says, and still back to where it began. */
    extend: (imageId: ImageId, seq: number, doing: ReviewCommand, joinsUntil: string): void => {
      extend(JSON.stringify(doing), joinsUntil, imageId, seq)
    },
    mark: (imageId: ImageId, seq: number, isUndone: boolean): void => {
      close(imageId)
      mark(isUndone ? 1 : 0, imageId, seq)
    },
  }
}
