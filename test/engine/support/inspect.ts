import type { Engine } from '../../../src/engine/service'
import { engineMethods, type EngineModel } from '../../../src/shared/ipc/engine'

const quiet = { progress: () => {} }

/** What main gets back: parsed, as it is after crossing between processes. */
export async function inspectModel(engine: Engine, path: string) {
  const { inspectModel: method } = engineMethods
  return method.response.parse(await engine.handlers.inspectModel({ path }, quiet))
}

export async function inspectImage(engine: Engine, path: string) {
  const { inspectImage: method } = engineMethods
  return method.response.parse(
    await engine.handlers.inspectImage({ path, thumbnailSize: 64 }, quiet),
  )
}

export async function modelAt(engine: Engine, path: string): Promise<EngineModel> {
  const { card, sha256, cardSha256 } = await inspectModel(engine, path)
  return { path, card, sha256, cardSha256 }
}
