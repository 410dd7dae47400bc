import type { ReportModel } from '../../shared/report/model'
import { appendixBlocks } from './appendix'
import type { ReportDocument } from './blocks'
import { imageBlocks } from './imageSection'
import { summaryBlocks } from './summary'

/** The report as blocks, in reading order. Pure: the same model gives the same document. */
export function reportDocument(model: ReportModel): ReportDocument {
  return {
    title: `Review report: ${model.session.name}`,
    blocks: [
      ...summaryBlocks(model),
      ...model.images.flatMap((image, index) => imageBlocks(model, image, index + 1)),
      ...appendixBlocks(model),
    ],
  }
}
