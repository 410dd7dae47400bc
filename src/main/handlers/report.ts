import { basename } from 'node:path'
import { buildReport } from '../report/build'
import { reportFiles, suggestedName } from '../report/fileNames'
import { withRelevanceFiles } from '../report/relevanceFiles'
import type { AreaHandlers, Services } from './services'

export function reportHandlers(services: Services): AreaHandlers<'report'> {
  const { store, jobs, dialogs, report, resources } = services
  return {
    'report.model': ({ sessionId, imageIds }) => buildReport(services, sessionId, imageIds),
    'report.export': ({ jobId, sessionId, imageIds }) =>
      jobs.run(jobId, async ({ signal, onProgress }) => {
        const model = await buildReport(services, sessionId, imageIds)
        const chosen = await dialogs.saveReport(suggestedName(model.session.name))
        if (chosen === null) return null
        const { folder, pdf, json } = await reportFiles(chosen)
        const { pages } = await withRelevanceFiles(store(), resources.samples, model, (images) =>
          report.request(
            'render',
            { model, images: [...images], pdfPath: pdf, jsonPath: json },
            { priority: 'interactive', signal, onProgress },
          ),
        )
        return { pdfName: basename(pdf), jsonName: basename(json), folder: basename(folder), pages }
      }),
  }
}
