import { openBlobs } from './blobs'
import { createAudit } from './audit'
import { openDatabase } from './database/open'
import type { Db } from './database/sql'
import { makePrivateFolder } from './files'
import { lockFolder } from './lock'
import { migrations } from './migrations'
import { createBlobReferences } from './repositories/blobReferences'
import type { Context } from './repositories/context'
import { createExplanations } from './repositories/explanations'
import { createImageGuard } from './repositories/imageGuard'
import { createImages } from './repositories/images'
import { createPredictions } from './repositories/predictions'
import { createReviews } from './repositories/reviews'
import { createSessions } from './repositories/sessions'
import { createSettings } from './repositories/settings'
import { storageError } from './storageError'
import type { OpenedStore, Store, StoreOptions } from './types'

export type * from './types'

/**
 * Opens the data folder: locks it against a second program instance, checks the database, brings
 * its schema up to date and puts aside what cannot be used.
 * @throws AppError `storage-newer` for data of a newer program, `storage-full`, or `io` when the
 * folder is locked or cannot be written; nothing is changed then
 */
export function openStore(options: StoreOptions): OpenedStore {
  try {
    makePrivateFolder(options.folder)
    const lock = lockFolder(options.folder, options.nativeBinding, options.now)
    let db: Db | null = null
    try {
      const opened = openDatabase({ ...options, migrations })
      db = opened.db
      const connection = opened.db
      const store = assemble(connection, options, () => {
        if (!connection.open) return
        connection.close()
        lock.release()
      })
      return { store, notices: opened.notices }
    } catch (thrown) {
      db?.close()
      lock.release()
      throw thrown
    }
  } catch (thrown) {
    throw storageError(thrown)
  }
}

function assemble(db: Db, options: StoreOptions, close: () => void): Store {
  const now = () => options.now().toISOString()
  const settings = createSettings(db)
  const context: Context = {
    db,
    blobs: openBlobs(options.folder, options.newId),
    audit: createAudit(db, now, () => settings.get().reviewer),
    now,
    newId: options.newId,
  }
  const guard = createImageGuard(db)
  const references = createBlobReferences(db)
  return {
    settings,
    sessions: createSessions(context, references),
    images: createImages(context),
    reviews: createReviews(context, guard),
    explanations: createExplanations(context, guard, references),
    predictions: createPredictions(context, guard),
    audit: context.audit,
    close,
  }
}
