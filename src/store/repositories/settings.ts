import { z } from 'zod'
import { AppError } from '../../shared/errors'
import { settingsSchema, type Settings } from '../../shared/session'
import { command, json, query, transaction, type Db } from '../database/sql'

export interface SettingsRepository {
  readonly get: () => Settings
  readonly set: (settings: Settings) => Settings
}

export function createSettings(db: Db): SettingsRepository {
  const row = z.object({ settings: json(settingsSchema) })
  const select = query(db, 'settings', row, 'SELECT settings FROM program_state')
  const update = command(db, 'UPDATE program_state SET settings = ?')
  const get = () => select.one()?.settings ?? settingsSchema.parse({})
  return {
    get,
    set: (settings) => {
      const parsed = settingsSchema.safeParse(settings)
      if (!parsed.success) {
        throw new AppError('invalid-input', 'These settings are not valid; none was changed.')
      }
      transaction(db, () => update(JSON.stringify(parsed.data)))
      return get()
    },
  }
}
