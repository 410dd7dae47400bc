import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { version } from '../../../package.json'
import { legendRange, pixelRelevance } from '../../shared/colour/heatmap'
import { AppError } from '../../shared/errors'
import type { ReportModel } from '../../shared/report/model'
import { emptyVerdict } from '../../shared/review/verdict'
import { imageIdSchema, sessionIdSchema } from '../../shared/session'
import { findCard } from '../../engine/inference/cardFile'
import { sha256Of } from '../../engine/files'
import { renderReport } from '../../report/renderReport'
import type { DemoResult } from './result'

/** Writes report.pdf and report.json of one result, not yet judged. @returns the number of pages. */
export async function writeDemoReport(
  folder: string,
  { sample, subject, result, relevance }: DemoResult,
): Promise<number> {
  const found = await findCard(sample.model)
  if (!found) throw new AppError('internal', 'The bundled model has lost its card.')
  const bytes = new Uint8Array(relevance.buffer, relevance.byteOffset, relevance.byteLength)
  const { range } = legendRange(pixelRelevance(relevance, result.shape).values, 'percentile')
  const id = imageIdSchema.parse(randomUUID())
  const model: ReportModel = {
    schema: 'pixelwise-report/1',
    id: randomUUID(),
    createdAt: new Date().toISOString(),
    program: { name: 'Pixelwise', version },
    session: { id: sessionIdSchema.parse(randomUUID()), name: 'Demonstration' },
    reviewer: '',
    model: {
      card: found.card,
      fileName: basename(sample.model),
      sha256: result.model.sha256,
      cardSha256: found.sha256,
    },
    images: [
      {
        id,
        name: basename(sample.image),
        ...subject.subject.input,
        review: { regions: [], verdict: emptyVerdict },
        explanation: {
          result,
          relevanceSha256: sha256Of(bytes),
          view: {
            colourMap: 'blue-white-red',
            opacity: 0.7,
            threshold: 0,
            sign: 'both',
            normalisation: 'percentile',
            range,
          },
          evidence: [],
        },
      },
    ],
    audit: { entries: 0, head: '', intact: true },
  }
  const scratch = await mkdtemp(join(tmpdir(), 'pixelwise-'))
  try {
    const relevancePath = join(scratch, 'relevance.f32')
    await writeFile(relevancePath, bytes)
    const { pages } = await renderReport(
      {
        model,
        images: [{ imageId: id, path: sample.image, relevancePath }],
        pdfPath: join(folder, 'report.pdf'),
        jsonPath: join(folder, 'report.json'),
      },
      { progress: () => {} },
    )
    return pages
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
