import { createStore, type StoreApi } from 'zustand/vanilla'
import { AppError, type ErrorShape } from '../../shared/errors'
import type { ImageId } from '../../shared/session'
import type { Api } from '../api/client'
import { createByteCache } from './byteCache'

export interface ImagesState {
  /** Decoded images by id; a bitmap stays valid while it is listed here. */
  readonly bitmaps: ReadonlyMap<ImageId, ImageBitmap>
  readonly errors: ReadonlyMap<ImageId, ErrorShape>
}

export interface ImagesService {
  readonly store: StoreApi<ImagesState>
  /** Decodes an image if it is not there yet; errors end up in the store. */
  readonly load: (id: ImageId) => Promise<void>
  /** An object URL of the thumbnail; the same one for the same image. */
  readonly thumbnail: (id: ImageId) => Promise<string>
}

/** About four images of 4000 × 4000. */
const bitmapBudget = 256 * 1024 * 1024

export function createImages(api: Api): ImagesService {
  const store = createStore<ImagesState>(() => ({ bitmaps: new Map(), errors: new Map() }))
  const loading = new Map<ImageId, Promise<void>>()
  const thumbnails = new Map<ImageId, Promise<string>>()
  const cache = createByteCache<{ readonly id: ImageId; readonly bitmap: ImageBitmap }>(
    bitmapBudget,
    ({ bitmap }) => bitmap.width * bitmap.height * 4,
    ({ id, bitmap }) => {
      store.setState(({ bitmaps }) => {
        const rest = new Map(bitmaps)
        rest.delete(id)
        return { bitmaps: rest }
      })
      bitmap.close()
    },
  )

  async function decode(id: ImageId): Promise<void> {
    try {
      const bytes = await api.call('images.bytes', { id })
      // The engine reads the file's own values, so the screen does not convert colours either.
      const bitmap = await createImageBitmap(new Blob([bytes]), {
        colorSpaceConversion: 'none',
        imageOrientation: 'from-image',
      }).catch((cause: unknown) => {
        throw new AppError(
          'invalid-image',
          'The image could not be decoded.',
          'The file may have changed since it was added; add it again.',
          { cause },
        )
      })
      cache.set(id, { id, bitmap })
      store.setState(({ bitmaps, errors }) => {
        const left = new Map(errors)
        left.delete(id)
        return { bitmaps: new Map(bitmaps).set(id, bitmap), errors: left }
      })
    } catch (thrown) {
      const shape = AppError.from(thrown).toShape()
      store.setState(({ errors }) => ({ errors: new Map(errors).set(id, shape) }))
    } finally {
      loading.delete(id)
    }
  }

  return {
    store,
    load: (id) => {
      if (cache.get(id)) return Promise.resolve()
      const running = loading.get(id) ?? decode(id)
      loading.set(id, running)
      return running
    },
    thumbnail: (id) => {
      const known = thumbnails.get(id)
      if (known) return known
      const url = api
        .call('images.thumbnail', { id })
        .then((bytes) => URL.createObjectURL(new Blob([bytes], { type: 'image/png' })))
      url.catch(() => thumbnails.delete(id))
      thumbnails.set(id, url)
      return url
    },
  }
}
