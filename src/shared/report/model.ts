import { z } from 'zod'
import { modelCardSchema } from '../card'
import { explanationResultSchema } from '../explanation/result'
import { sha256Schema } from '../hash'
import { reviewSchema } from '../review/review'
import { imageIdSchema, sessionIdSchema } from '../session'

/** How much of the evidence a region holds; shares are 0…1 of the whole map. */
export const regionEvidenceSchema = z.object({
  /** Square pixels of the image. */
  area: z.number(),
  /** Area over the image's area, 0…1. */
  areaShare: z.number(),
  /** Σ positive relevance inside over Σ positive relevance; null when there is none. */
  positiveShare: z.number().nullable(),
  /** The same for negative relevance. */
  negativeShare: z.number().nullable(),
})
export type RegionEvidence = z.infer<typeof regionEvidenceSchema>

/** How the heatmap was coloured: with the relevance array, enough to paint it again. */
export const heatmapViewSchema = z.object({
  colourMap: z.string(),
  opacity: z.number(),
  threshold: z.number(),
  sign: z.enum(['both', 'positive', 'negative']),
  normalisation: z.enum(['max', 'percentile']),
  /** The relevance at the ends of the legend, ±range. */
  range: z.number(),
})
export type HeatmapView = z.infer<typeof heatmapViewSchema>

export const reportImageSchema = z.object({
  id: imageIdSchema,
  name: z.string(),
  sha256: sha256Schema,
  width: z.number().int(),
  height: z.number().int(),
  review: reviewSchema,
  explanation: z
    .object({
      result: explanationResultSchema,
      /** Of the float32 relevance bytes. */
      relevanceSha256: sha256Schema,
      view: heatmapViewSchema,
      /** In the order of review.regions. */
      evidence: z.array(regionEvidenceSchema),
    })
    .nullable(),
})
export type ReportImage = z.infer<typeof reportImageSchema>

/** Everything a report says, in the order in which it says it. The PDF and the JSON are both made from this. */
export const reportModelSchema = z.object({
  schema: z.literal('pixelwise-report/1'),
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  program: z.object({ name: z.string(), version: z.string() }),
  session: z.object({ id: sessionIdSchema, name: z.string() }),
  reviewer: z.string(),
  model: z.object({
    card: modelCardSchema,
    fileName: z.string(),
    sha256: sha256Schema,
    cardSha256: sha256Schema,
  }),
  images: z.array(reportImageSchema),
  /** The audit chain at the time of the report. */
  audit: z.object({ entries: z.number().int(), head: z.string(), intact: z.boolean() }),
})
export type ReportModel = z.infer<typeof reportModelSchema>
