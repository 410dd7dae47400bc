import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ImageId, SessionId } from '../../src/shared/session'
import { openStore, type NewSession, type Store } from '../../src/store'
import { openDatabase } from '../../src/store/database/open'
import type { Db } from '../../src/store/database/sql'
import { migrations } from '../../src/store/migrations'
import type { Migration } from '../../src/store/migrations/migration'
import { newSession } from './samples'

export * from './samples'

export const nativeBinding = process.env.PIXELWISE_SQLITE_BINDING || undefined

/** A folder that is deleted when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelwise-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A clock that goes on by `step` milliseconds each time it is looked at. */
export function steppingClock(step = 10_000): () => Date {
  let time = Date.UTC(2026, 2, 14, 9, 26, 53)
  return () => {
    time += step
    return new Date(time)
  }
}

export function open(
  folder: string,
  options: { now?: () => Date; maxPages?: number } = {},
): ReturnType<typeof openStore> {
  const opened = openStore({
    folder,
    nativeBinding,
    now: steppingClock(),
    newId: randomUUID,
    ...options,
  })
  onTestFinished(() => opened.store.close())
  return opened
}

/** The database alone, without lock and repositories, for looking at it and for spoiling it. */
export function openRaw(folder: string, steps: readonly Migration[] = migrations): Db {
  const { db } = openDatabase({ folder, nativeBinding, now: steppingClock(), migrations: steps })
  onTestFinished(() => {
    if (db.open) db.close()
  })
  return db
}

export function createSession(store: Store, changes: Partial<NewSession> = {}) {
  const id = store.sessions.create(newSession(changes))
  return { id, imageId: firstImage(store, id) }
}

export function firstImage(store: Store, id: SessionId): ImageId {
  const [image] = store.sessions.open(id).images
  if (!image) throw new Error('the session has no image')
  return image.id
}
