import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/shared/errors'
import { bindingOptions } from '../../src/store/database/nativeBinding'
import { storageError } from '../../src/store/storageError'
import { createSession, newImage, newSession, open, region, temporaryFolder } from './support'

const full = expect.objectContaining({ code: 'storage-full' })

describe('a full disk', () => {
  it('stops at the last change that fits, whole, and goes on when there is room again', () => {
    const folder = temporaryFolder()
    const small = open(folder, { maxPages: 90 }).store
    const { imageId } = createSession(small)
    let saved = small.reviews.get(imageId)
    let count = small.audit.count()
    const fill = () => {
      for (let round = 0; round < 2000; round += 1) {
        const marked = region({ label: `${round} ${'x'.repeat(150)}` })
        saved = small.reviews.apply(imageId, { kind: 'add-region', region: marked })
        count = small.audit.count()
      }
    }
    expect(fill).toThrow(full)
    expect(count).toBeGreaterThan(10)
    expect(small.reviews.get(imageId)).toEqual(saved)
    expect(small.audit.count()).toBe(count)
    expect(small.audit.verify().intact).toBe(true)
    small.close()

    const { store, notices } = open(folder)
    expect(notices).toEqual([])
    expect(store.reviews.get(imageId)).toEqual(saved)
    store.reviews.apply(imageId, { kind: 'add-region', region: region() })
    expect(store.audit.verify().intact).toBe(true)
  })

  it('leaves neither rows nor thumbnails of a session that did not fit', () => {
    const folder = temporaryFolder()
    const { store } = open(folder, { maxPages: 60 })
    const blobs = () =>
      readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
    const images = Array.from({ length: 300 }, (_, index) => ({
      ...newImage(`${index}-${'n'.repeat(200)}.png`, '1'),
    }))
    expect(() => store.sessions.create(newSession({ images }))).toThrow(full)
    expect(store.sessions.list()).toEqual([])
    expect(store.audit.count()).toBe(0)
    expect(blobs()).toEqual([])
  })
})

describe('what the system says', () => {
  it.each([
    ['ENOSPC', 'storage-full'],
    ['EDQUOT', 'storage-full'],
    ['SQLITE_FULL', 'storage-full'],
    ['SQLITE_IOERR_SHMSIZE', 'storage-full'],
    ['SQLITE_CORRUPT_VTAB', 'storage-corrupt'],
    ['SQLITE_NOTADB', 'storage-corrupt'],
    ['SQLITE_IOERR_SHORT_READ', 'storage-corrupt'],
    ['SQLITE_IOERR_WRITE', 'io'],
    ['SQLITE_READONLY', 'io'],
    ['SQLITE_CANTOPEN', 'io'],
    ['SQLITE_BUSY', 'io'],
    ['EACCES', 'io'],
    ['EROFS', 'io'],
    ['SQLITE_CONSTRAINT_CHECK', 'invalid-input'],
    // A mistake in our own SQL is not the user's disk.
    ['SQLITE_ERROR', 'internal'],
    ['ERR_ASSERTION', 'internal'],
  ])('%s is told as %s', (code, expected) => {
    const error = storageError(Object.assign(new Error('told'), { code }))
    expect(error).toBeInstanceOf(AppError)
    expect(error.code).toBe(expected)
    expect(error.hint).not.toBe('')
  })
})

describe('the SQLite add-on', () => {
  it('is refused before it is loaded where the runtime would crash on it', () => {
    if (Number(process.versions.napi) >= 10) {
      expect(bindingOptions(undefined)).toEqual({})
    } else {
      expect(() => bindingOptions(undefined)).toThrow(/has not been built/)
    }
    expect(() => bindingOptions('/nowhere/better_sqlite3.node')).toThrow(/missing/)
  })
})
