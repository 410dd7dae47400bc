import { z } from 'zod'
import { AppError } from '../../shared/errors'
import { predictionSchema } from '../../shared/explanation/result'
import { canonicalJson } from '../../shared/canonicalJson'
import { command, json, query, transaction } from '../database/sql'
import type { Predictions } from '../types'
import type { Context } from './context'
import type { ImageGuard } from './imageGuard'

export function createPredictions({ db, now }: Context, guard: ImageGuard): Predictions {
  const select = query(
    db,
    'prediction',
    z.object({ prediction: json(predictionSchema) }),
    'SELECT prediction FROM prediction WHERE image_id = ? AND scope = ?',
  )
  const upsert = command(
    db,
    `INSERT INTO prediction (image_id, scope, prediction, saved_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (image_id, scope)
     DO UPDATE SET prediction = excluded.prediction, saved_at = excluded.saved_at`,
  )
  return {
    find: (imageId, scope) => select.one(imageId, canonicalJson(scope))?.prediction ?? null,
    save: (imageId, prediction) => {
      const parsed = predictionSchema.safeParse(prediction)
      if (!parsed.success) {
        throw new AppError('invalid-input', 'This prediction is not valid and was not saved.')
      }
      transaction(db, () => {
        guard.require(imageId)
        upsert(imageId, canonicalJson(parsed.data.scope), JSON.stringify(parsed.data), now())
      })
    },
  }
}
