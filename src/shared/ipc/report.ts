import { z } from 'zod'
import { sha256Schema } from '../hash'
import { reportModelSchema } from '../report/model'
import { imageIdSchema } from '../session'

/** Where the report process finds the bytes that the report model only names. */
export const reportImageFileSchema = z.object({
  imageId: imageIdSchema,
  /** The image file as the expert chose it. */
  path: z.string().min(1),
  /** Raw little-endian float32 of the explanation's shape; null when there is no explanation. */
  relevancePath: z.string().min(1).nullable(),
})
export type ReportImageFile = z.infer<typeof reportImageFileSchema>

/**
 * What the report process can be asked, by method name.
 * Spoken between main (or the command line) and the report process, in the envelope of engine.ts.
 */
export const reportMethods = {
  /** Writes the PDF and the JSON, each at once or not at all; existing files are replaced. */
  render: {
    request: z.object({
      model: reportModelSchema,
      images: z.array(reportImageFileSchema),
      pdfPath: z.string().min(1),
      jsonPath: z.string().min(1),
    }),
    response: z.object({
      pages: z.number().int().positive(),
      pdfSha256: sha256Schema,
      jsonSha256: sha256Schema,
    }),
  },
} as const
export type ReportMethods = typeof reportMethods
export type ReportMethod = keyof ReportMethods
export type ReportResponse<M extends ReportMethod> = z.infer<ReportMethods[M]['response']>
