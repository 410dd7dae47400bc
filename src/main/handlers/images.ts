import { readUnchanged, toArrayBuffer } from '../files/bytes'
import { locate } from '../files/locate'
import type { AreaHandlers, Services } from './services'

export function imagesHandlers({ store, resources }: Services): AreaHandlers<'images'> {
  return {
    async 'images.bytes'({ id }) {
      const { path, sha256 } = store().images.record(id)
      return readUnchanged(await locate(path, resources.samples), sha256)
    },
    async 'images.thumbnail'({ id }) {
      return toArrayBuffer(await store().images.thumbnail(id))
    },
  }
}
