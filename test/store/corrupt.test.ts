import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/shared/errors'
import { createSession, nativeBinding, open, region, temporaryFolder } from './support'

const pageSize = 4096

/** A closed data folder with a session of two images, a region, a verdict and thumbnails. */
function folderWithData() {
  const folder = temporaryFolder()
  const { store } = open(folder)
  const { id, imageId } = createSession(store)
  store.reviews.apply(imageId, { kind: 'add-region', region: region({ label: 'nucleus' }) })
  store.reviews.apply(imageId, { kind: 'set-verdict', patch: { comment: 'crowded' } })
  store.close()
  return { folder, path: join(folder, 'pixelwise.db'), id, imageId }
}

function overwrite(path: string, position: number, bytes: Uint8Array): void {
  const content = readFileSync(path)
  content.set(bytes, position)
  writeFileSync(path, content)
}

function withSql(path: string, sql: string): void {
  const db = new Database(path, { nativeBinding })
  try {
    db.exec(sql)
  } finally {
    db.close()
  }
}

/** Position of the root page of a table. */
function rootOf(path: string, table: string): number {
  const db = new Database(path, { nativeBinding, readonly: true })
  try {
    const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table)
    return (Number(page) - 1) * pageSize
  } finally {
    db.close()
  }
}

const spoilers: readonly (readonly [string, (path: string) => void])[] = [
  ['truncated to a half', (path) => truncateSync(path, statSync(path).size / 2)],
  ['truncated within its header', (path) => truncateSync(path, 50)],
  ['without its last page', (path) => truncateSync(path, statSync(path).size - pageSize)],
  ['emptied, though blobs are there', (path) => truncateSync(path, 0)],
  [
    'with a page filled with ones',
    (path) => overwrite(path, rootOf(path, 'region'), new Uint8Array(pageSize).fill(0xff)),
  ],
  [
    'with a page of zeros',
    (path) => overwrite(path, rootOf(path, 'audit'), new Uint8Array(pageSize)),
  ],
  [
    'with one flipped byte, the type of a page',
    (path) => overwrite(path, rootOf(path, 'history'), Uint8Array.of(0x0c)),
  ],
  [
    'with a garbled header',
    (path) =>
      overwrite(
        path,
        0,
        Uint8Array.from({ length: 16 }, (_, i) => i),
      ),
  ],
  ['with a garbled page size', (path) => overwrite(path, 16, Uint8Array.of(0, 3))],
  ['that is a text', (path) => writeFileSync(path, 'not a database\n'.repeat(1000))],
  ['of another program', (path) => withSql(path, 'PRAGMA application_id = 252006673')],
  ['of a program without an id', (path) => withSql(path, 'PRAGMA application_id = 0')],
  ['without one of its tables', (path) => withSql(path, 'DROP TABLE region')],
  ['with another column', (path) => withSql(path, 'ALTER TABLE region DROP COLUMN note')],
  ['that says version 0', (path) => withSql(path, 'PRAGMA user_version = 0')],
  [
    'with a garbled schema',
    (path) =>
      overwrite(path, readFileSync(path).indexOf('TABLE verdict'), Buffer.from('TABEL verdict')),
  ],
]

describe('a database', () => {
  it.each(spoilers)(
    '%s is put into quarantine as it is, and the program starts',
    (_name, spoil) => {
      const { folder, path } = folderWithData()
      spoil(path)
      const original = readFileSync(path)

      const { store, notices } = open(folder)
      const [name = '', ...others] = readdirSync(join(folder, 'quarantine'))
      expect(others).toEqual([])
      const kept = join(folder, 'quarantine', name)
      expect(readFileSync(join(kept, 'pixelwise.db')).equals(original)).toBe(true)
      expect(notices).toEqual([
        {
          code: 'storage-corrupt',
          message: expect.stringContaining(kept),
          hint: expect.stringContaining(join(folder, 'backups')),
        },
      ])
      expect(store.sessions.list()).toEqual([])
      createSession(store)
      store.close()

      const again = open(folder)
      expect(again.notices).toEqual([])
      expect(again.store.sessions.list()).toHaveLength(1)
      expect(readdirSync(join(folder, 'quarantine'))).toEqual([name])
    },
  )

  it('of a newer version is refused and left as it is', () => {
    const { folder, path } = folderWithData()
    withSql(path, 'PRAGMA user_version = 99')
    const original = readFileSync(path)
    expect(() => open(folder)).toThrow(
      expect.objectContaining({ code: 'storage-newer', message: expect.stringContaining('99') }),
    )
    expect(readFileSync(path).equals(original)).toBe(true)
    expect(existsSync(join(folder, 'quarantine'))).toBe(false)
  })

  it('of a newer version that was killed before its log was written back is refused, too', () => {
    const { path } = folderWithData()
    const db = new Database(path, { nativeBinding })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 99')
    const elsewhere = temporaryFolder()
    const copies = ['pixelwise.db', 'pixelwise.db-wal'].map((name) => join(elsewhere, name))
    const [copy = '', log = ''] = copies
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, log)
    db.close()
    const originals = copies.map((file) => readFileSync(file))

    expect(() => open(elsewhere)).toThrow(expect.objectContaining({ code: 'storage-newer' }))
    expect(copies.map((file, index) => originals[index]?.equals(readFileSync(file)))).toEqual([
      true,
      true,
    ])
  })

  it('that is missing although blobs are there is told of', () => {
    const { folder, path } = folderWithData()
    rmSync(path)
    const { store, notices } = open(folder)
    expect(notices).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/missing/) }),
    ])
    expect(store.sessions.list()).toEqual([])
    expect(existsSync(join(folder, 'quarantine'))).toBe(false)
  })

  it('that is missing beside its log leaves the log in quarantine', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'pixelwise.db-wal'), 'the log of a lost database')
    const { notices } = open(folder)
    expect(notices).toHaveLength(1)
    const [name = ''] = readdirSync(join(folder, 'quarantine'))
    expect(readdirSync(join(folder, 'quarantine', name))).toEqual(['pixelwise.db-wal'])
  })

  it('that was never written to is no loss', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'pixelwise.db'), '')
    expect(open(folder).notices).toEqual([])
    const blank = temporaryFolder()
    withSql(join(blank, 'pixelwise.db'), 'PRAGMA journal_mode = WAL')
    expect(open(blank).notices).toEqual([])
  })

  it('that cannot be reached is told of, and nothing is moved', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'pixelwise.db'))
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'io' }))
    expect(existsSync(join(folder, 'quarantine'))).toBe(false)
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(() => open(file)).toThrow(expect.objectContaining({ code: 'io' }))
    expect(() => open(join(file, 'below'))).toThrow(expect.objectContaining({ code: 'io' }))
  })
})

describe('one flipped byte anywhere', () => {
  const positions = 150

  it('never ends in anything but data, a clear error or a quarantine', { timeout: 120_000 }, () => {
    const { path, imageId } = folderWithData()
    const content = readFileSync(path)
    const outcomes = new Set<string>()
    const stride = Math.floor(content.length / positions) | 1
    for (let position = 7; position < content.length; position += stride) {
      const folder = temporaryFolder()
      const spoiled = Buffer.from(content)
      spoiled[position] = (spoiled[position] ?? 0) ^ 0x55
      writeFileSync(join(folder, 'pixelwise.db'), spoiled)
      try {
        const { store, notices } = open(folder)
        if (notices.length > 0) outcomes.add('quarantine')
        else {
          for (const { id } of store.sessions.list()) {
            store.sessions.open(id)
            store.sessions.model(id)
          }
          store.reviews.get(imageId)
          outcomes.add(store.audit.verify().intact ? 'intact' : 'broken chain')
        }
        store.close()
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError)
        const { code } = AppError.from(thrown)
        expect(['storage-corrupt', 'storage-newer', 'not-found']).toContain(code)
        outcomes.add(code)
      }
    }
    expect(outcomes).toContain('quarantine')
    expect(outcomes).toContain('intact')
  })
})

describe('a damaged row', () => {
  it.each([
    ['region', `UPDATE region SET geometry = '{"kind":"circle"}'`],
    ['region', "UPDATE region SET colour = 'red'"],
    ['undo step', `UPDATE history SET inverse = '{}' WHERE seq = 2`],
    ['image', "UPDATE image SET changed_at = 'yesterday'"],
  ])('is named: %s (%s)', (what, sql) => {
    const { folder, path, imageId } = folderWithData()
    withSql(path, sql)
    const { store, notices } = open(folder)
    expect(notices).toEqual([])
    expect(() => store.reviews.get(imageId)).toThrow(
      expect.objectContaining({
        code: 'storage-corrupt',
        message: expect.stringContaining(`stored ${what} is damaged`),
      }),
    )
  })

  it('does not keep other sessions from opening', () => {
    const { folder, path, id } = folderWithData()
    withSql(path, `UPDATE session SET card = '{}'`)
    const { store } = open(folder)
    const other = createSession(store)
    expect(() => store.sessions.open(id)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('model of a session') }),
    )
    expect(store.sessions.open(other.id).images).toHaveLength(2)
    expect(store.sessions.list()).toHaveLength(2)
  })
})

describe('a damaged blob', () => {
  it('is found by its hash, and healed when it is written again', async () => {
    const { folder, imageId } = folderWithData()
    const files = readdirSync(join(folder, 'blobs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /[0-9a-f]{64}$/.test(name))
      .map((name) => join(folder, 'blobs', name))
    for (const file of files) writeFileSync(file, 'x')
    const { store } = open(folder)
    await expect(store.images.thumbnail(imageId)).rejects.toMatchObject({ code: 'storage-corrupt' })
    createSession(store)
    expect(await store.images.thumbnail(imageId)).toHaveLength(20)
    for (const file of files) rmSync(file)
    await expect(store.images.thumbnail(imageId)).rejects.toMatchObject({ code: 'not-found' })
  })
})
