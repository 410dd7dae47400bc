import { z } from 'zod'
import { modelCardSchema } from '../../shared/card'
import { AppError } from '../../shared/errors'
import { sha256Schema, type Sha256 } from '../../shared/hash'
import { imageIdSchema, sessionIdSchema, viewStateSchema } from '../../shared/session'
import { transaction } from '../database/sql'
import { notFound } from '../storageError'
import { newImageSchema, type NewImage, type Sessions } from '../types'
import type { BlobReferences } from './blobReferences'
import type { Context } from './context'
import { sessionStatements } from './sessionRows'

const nameSchema = z.string().trim().min(1).max(200)

const newSessionSchema = z.object({
  name: nameSchema,
  sample: z.boolean(),
  model: z.object({
    path: z.string().min(1),
    fileName: z.string().min(1),
    sha256: sha256Schema,
    cardSha256: sha256Schema,
    card: modelCardSchema,
  }),
})

export function createSessions(
  { db, blobs, audit, now, newId }: Context,
  references: BlobReferences,
): Sessions {
  const sql = sessionStatements(db)

  const require = (id: string) => {
    const row = sql.one.one(id)
    if (!row) throw notFound('session')
    return row
  }

  /**
   * Writes the thumbnails, then runs `work` with their hashes in one transaction;
   * when that fails, thumbnails nothing else refers to are deleted again.
   */
  const withThumbnails = <T>(
    images: readonly NewImage[],
    work: (thumbnails: readonly Sha256[]) => T,
  ): T => {
    const written: Sha256[] = []
    try {
      for (const image of images) written.push(blobs.putNow(image.thumbnail))
      return transaction(db, () => work(written))
    } catch (thrown) {
      blobs.sweep(written, references.isReferenced)
      throw thrown
    }
  }

  /** Gives back what the audit says of each image. */
  const insertImages = (
    sessionId: string,
    firstPosition: number,
    images: readonly NewImage[],
    thumbnails: readonly Sha256[],
  ) =>
    images.map((image, index) => {
      const id = imageIdSchema.parse(newId())
      const { path, name, sha256, width, height, bytes } = image
      const thumbnail = thumbnails[index]
      if (thumbnail === undefined) throw new Error('an image came without its thumbnail')
      const position = firstPosition + index
      sql.insertImage(id, sessionId, position, path, name, sha256, width, height, bytes, thumbnail)
      return { id, name, sha256, width, height, bytes }
    })

  return {
    list: () =>
      sql.summaries
        .all()
        .map((row) => ({ ...row, preview: sql.preview.all(row.id).map(({ id }) => id) })),

    create: (input) => {
      const { name, sample, model } = valid(newSessionSchema, input, 'session')
      const images = withoutRepeats(valid(z.array(newImageSchema), input.images, 'image'))
      const id = sessionIdSchema.parse(newId())
      return withThumbnails(images, (thumbnails) => {
        const time = now()
        const card = JSON.stringify(model.card)
        sql.insert(
          id,
          name,
          sample ? 1 : 0,
          time,
          time,
          model.path,
          model.fileName,
          model.card.name,
          model.sha256,
          model.cardSha256,
          card,
        )
        // The card knows which explanation suits its model; later the reviewer's choice counts.
        if (model.card.method) sql.saveView(JSON.stringify({ method: model.card.method }), id)
        if (sample) sql.noteSamples()
        const inserted = insertImages(id, 0, images, thumbnails)
        const { fileName, sha256, cardSha256 } = model
        audit.append({
          kind: 'session.create',
          sessionId: id,
          imageId: null,
          payload: { name, sample, model: { fileName, sha256, cardSha256 }, images: inserted },
        })
        return id
      })
    },

    addImages: (id, input) => {
      require(id)
      const present = sql.files.all(id)
      const keys = new Set(present.map(keyOf))
      const images = withoutRepeats(valid(z.array(newImageSchema), input, 'image')).filter(
        (image) => !keys.has(keyOf(image)),
      )
      if (images.length === 0) return
      const next = present.reduce((most, { position }) => Math.max(most, position + 1), 0)
      withThumbnails(images, (thumbnails) => {
        const inserted = insertImages(id, next, images, thumbnails)
        sql.touch(now(), id)
        audit.append({
          kind: 'session.add-images',
          sessionId: id,
          imageId: null,
          payload: { images: inserted },
        })
      })
    },

    open: (id, available = () => true) => {
      const row = require(id)
      const model = sql.model.one(id)
      if (!model) throw notFound('session')
      const images = sql.images.all(id).map(({ path, spoken, ...image }) => ({
        ...image,
        available: available(path, image.bytes),
        touched: image.decision === null && (image.regionCount > 0 || spoken),
      }))
      transaction(db, () => sql.remember(id))
      const { path, ...identity } = model
      return { ...row, model: { ...identity, available: available(path, null) }, images }
    },

    rename: (id, wanted) => {
      const name = valid(nameSchema, wanted, 'name')
      transaction(db, () => {
        const before = require(id).name
        if (before === name) return
        sql.rename(name, now(), id)
        audit.append({
          kind: 'session.rename',
          sessionId: id,
          imageId: null,
          payload: { from: before, to: name },
        })
      })
    },

    remove: (id) => {
      const orphans = transaction(db, () => {
        const { name } = require(id)
        const candidates = references.ofSession(id)
        const images = sql.files.all(id).length
        sql.remove(id)
        audit.append({
          kind: 'session.remove',
          sessionId: id,
          imageId: null,
          payload: { name, images },
        })
        return candidates
      })
      blobs.sweep(orphans, references.isReferenced)
    },

    saveView: (id, view) => {
      const parsed = valid(viewStateSchema, view, 'view')
      transaction(db, () => {
        if (sql.saveView(JSON.stringify(parsed), id) === 0) throw notFound('session')
      })
    },

    model: (id) => {
      const model = sql.model.one(id)
      if (!model) throw notFound('session')
      return model
    },

    last: () => sql.last.one()?.id ?? null,
    hasSamples: () => sql.samplesMade.one()?.made ?? false,
  }
}

function keyOf(file: { readonly sha256: string; readonly path: string }): string {
  return `${file.sha256} ${file.path}`
}

function withoutRepeats(images: readonly NewImage[]): NewImage[] {
  const seen = new Set<string>()
  return images.filter((image) => {
    const key = keyOf(image)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function valid<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError(
    'invalid-input',
    `This ${what} is not valid and nothing was saved (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
  )
}
