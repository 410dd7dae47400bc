import { z } from 'zod'
import { assertNever } from '../../shared/assertNever'
import { geometrySchema, regionSchema, type Region } from '../../shared/review/region'
import type { Review, ReviewCommand } from '../../shared/review/review'
import { emptyVerdict, verdictSchema, type Verdict } from '../../shared/review/verdict'
import type { ImageId } from '../../shared/session'
import { command, json, query, type Db } from '../database/sql'

const regionRow = z.object({ ...regionSchema.shape, geometry: json(geometrySchema) })

export interface ReviewRows {
  readonly load: (imageId: ImageId) => Review
  /** Writes what `change` did on the way to `after`, touching only the rows it concerns. */
  readonly write: (imageId: ImageId, before: Review, after: Review, change: ReviewCommand) => void
}

/** A review as rows: one a region in drawing order, positions 0, 1, 2, …; one for the verdict. */
export function createReviewRows(db: Db): ReviewRows {
  const regions = query(
    db,
    'region',
    regionRow,
    `SELECT id, geometry, label, colour, note, created_at AS createdAt
     FROM region WHERE image_id = ? ORDER BY position`,
  )
  const verdict = query(
    db,
    'verdict',
    verdictSchema,
    `SELECT decision, correct_class AS correctClass, confidence, plausible, comment
     FROM verdict WHERE image_id = ?`,
  )
  const insert = command(
    db,
    `INSERT INTO region (image_id, id, position, geometry, label, colour, note, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = command(
    db,
    'UPDATE region SET geometry = ?, label = ?, colour = ?, note = ? WHERE image_id = ? AND id = ?',
  )
  const remove = command(db, 'DELETE FROM region WHERE image_id = ? AND id = ?')
  const shift = command(
    db,
    'UPDATE region SET position = position + ? WHERE image_id = ? AND position >= ?',
  )
  const saveVerdict = command(
    db,
    `INSERT INTO verdict (image_id, decision, correct_class, confidence, plausible, comment)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (image_id) DO UPDATE SET decision = excluded.decision,
       correct_class = excluded.correct_class, confidence = excluded.confidence,
       plausible = excluded.plausible, comment = excluded.comment`,
  )

  const addRegion = (imageId: ImageId, position: number, region: Region, last: boolean) => {
    if (!last) shift(1, imageId, position)
    const { id, geometry, label, colour, note, createdAt } = region
    insert(imageId, id, position, JSON.stringify(geometry), label, colour, note, createdAt)
  }
  const updateRegion = (imageId: ImageId, region: Region | undefined) => {
    if (!region) throw new Error('a region is missing after its change')
    const { id, geometry, label, colour, note } = region
    update(JSON.stringify(geometry), label, colour, note, imageId, id)
  }
  const writeVerdict = (imageId: ImageId, value: Verdict) => {
    const { decision, correctClass, confidence, plausible, comment } = value
    saveVerdict(imageId, decision, correctClass, confidence, plausible, comment)
  }

  return {
    load: (imageId) => ({
      regions: regions.all(imageId),
      verdict: verdict.one(imageId) ?? emptyVerdict,
    }),
    write: (imageId, before, after, change) => {
      switch (change.kind) {
        case 'add-region': {
          const position = positionOf(after, change.region.id)
          const last = position === before.regions.length
          addRegion(imageId, position, change.region, last)
          return
        }
        case 'remove-region':
          remove(imageId, change.id)
          shift(-1, imageId, positionOf(before, change.id) + 1)
          return
        case 'reshape-region':
        case 'describe-region':
          updateRegion(imageId, after.regions[positionOf(after, change.id)])
          return
        case 'set-verdict':
          writeVerdict(imageId, after.verdict)
          return
        default:
          assertNever(change)
      }
    },
  }
}

function positionOf(review: Review, id: string): number {
  return review.regions.findIndex((region) => region.id === id)
}
