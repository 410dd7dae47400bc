import type { ReportResponse, reportMethods } from '../shared/ipc/report'
import type { ServeContext } from '../shared/ipc/serve'
import type { z } from 'zod'
import { reportDocument } from './document/document'
import { researchUse } from './document/phrases'
import { reviewerName } from './document/summary'
import { readHeatmap } from './figure/heatmap'
import { readPicture } from './figure/picture'
import { sha256, writeAtomically } from './files'
import { reportJson } from './json'
import { loadFonts } from './pdf/fonts'
import { renderPdf } from './pdf/render'

export type RenderReport = z.output<(typeof reportMethods)['render']['request']>

/**
 * Writes a report as PDF and JSON. Nothing is written before both are made.
 * @throws AppError `io` or `storage-full` when the files cannot be written.
 */
export async function renderReport(
  request: RenderReport,
  context: ServeContext,
): Promise<ReportResponse<'render'>> {
  const { model, images } = request
  const json = reportJson(model)
  const jsonSha256 = sha256(json)
  const files = new Map(images.map((image) => [image.imageId, image]))
  const { bytes, pages } = await renderPdf({
    document: reportDocument(model),
    fonts: loadFonts(),
    author: reviewerName(model),
    creator: `${model.program.name} ${model.program.version}`,
    createdAt: new Date(model.createdAt),
    furniture: {
      reportId: model.id,
      sessionName: model.session.name,
      jsonSha256,
      notice: researchUse,
    },
    loadFigure: async (figure) => {
      const file = files.get(figure.imageId)
      return {
        picture: await readPicture(file?.path ?? null, figure.sha256),
        heatmap: figure.heatmap && (await readHeatmap(file?.relevancePath ?? null, figure.heatmap)),
      }
    },
    onFigure: (done, total) => context.progress('Writing the report', done, total),
  })
  await writeAtomically([
    { path: request.jsonPath, bytes: json },
    { path: request.pdfPath, bytes },
  ])
  return { pages, pdfSha256: sha256(bytes), jsonSha256 }
}
