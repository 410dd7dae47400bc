import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Unpacks the entries of a zip file that are wanted. yauzl is loaded here, not above: before the
 * dependencies are installed there is none.
 *
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | undefined} place where below the folder an entry goes, if at all
 */
export async function unzip(archive, folder, place) {
  const yauzl = await import('yauzl')
  /** @type {import('yauzl').ZipFile} */
  const zip = await new Promise((done, fail) => {
    yauzl.open(archive, { lazyEntries: true }, (error, opened) =>
      opened === undefined ? fail(error) : done(opened),
    )
  })
  /** @param {import('yauzl').Entry} entry */
  const unpack = async (entry) => {
    const name = place(entry.fileName)
    if (name === undefined || name.endsWith('/')) return
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    /** @type {import('node:stream').Readable} */
    const content = await new Promise((done, fail) => {
      zip.openReadStream(entry, (error, stream) =>
        stream === undefined ? fail(error) : done(stream),
      )
    })
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    await pipeline(content, createWriteStream(path, mode === 0 ? {} : { mode }))
  }
  await new Promise((done, fail) => {
    zip.on('entry', (entry) => {
      unpack(entry).then(() => zip.readEntry(), fail)
    })
    zip.on('end', () => done(undefined))
    zip.on('error', fail)
    zip.readEntry()
  })
}
