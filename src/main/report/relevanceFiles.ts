import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReportImageFile } from '../../shared/ipc/report'
import type { ReportModel } from '../../shared/report/model'
import { locate } from '../files/locate'
import type { Store } from '../../store'

/**
 * Lends the relevance arrays of a report to another process as files, for as long as `use` takes.
 * They are copies, checked against their hashes on the way, so that no process but main needs
 * to know how the store keeps them.
 */
export async function withRelevanceFiles<T>(
  store: Store,
  samplesFolder: string,
  model: ReportModel,
  use: (images: readonly ReportImageFile[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pixelwise-'))
  try {
    const images: ReportImageFile[] = []
    for (const { id, explanation } of model.images) {
      let relevancePath: string | null = null
      if (explanation) {
        relevancePath = join(folder, explanation.relevanceSha256)
        const relevance = await store.explanations.relevance(explanation.relevanceSha256)
        await writeFile(relevancePath, relevance, { mode: 0o600 })
      }
      images.push({
        imageId: id,
        path: await locate(store.images.record(id).path, samplesFolder),
        relevancePath,
      })
    }
    return await use(images)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
