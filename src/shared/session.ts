import { z } from 'zod'
import { modelCardSchema } from './card'
import { coverageSchema } from './explanation/coverage'
import { customCompositeSchema } from './explanation/composite'
import {
  methodNameSchema,
  methodParametersSchema,
  missingRuleSchema,
  startSchema,
  targetSchema,
} from './explanation/method'
import { providerChoiceSchema } from './explanation/provider'
import { sha256Schema } from './hash'
import { reviewSchema } from './review/review'
import { decisionSchema } from './review/verdict'

export const sessionIdSchema = z.uuid().brand<'SessionId'>()
export type SessionId = z.infer<typeof sessionIdSchema>
export const imageIdSchema = z.uuid().brand<'ImageId'>()
export type ImageId = z.infer<typeof imageIdSchema>

export const sessionSummarySchema = z.object({
  id: sessionIdSchema,
  name: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  modelName: z.string(),
  imageCount: z.number().int(),
  /** Images with a decision. */
  judgedCount: z.number().int(),
  /** The first few images, for thumbnails. */
  preview: z.array(imageIdSchema),
  /** True for the sessions that come with the program. */
  sample: z.boolean(),
})
export type SessionSummary = z.infer<typeof sessionSummarySchema>

export const sessionImageSchema = z.object({
  id: imageIdSchema,
  /** The file's name without its folder. */
  name: z.string(),
  sha256: sha256Schema,
  /** Pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int(),
  /** The file is still where it was and unchanged. */
  available: z.boolean(),
  decision: decisionSchema.nullable(),
  regionCount: z.number().int(),
  /** Something was said about it, though not yet decided. */
  touched: z.boolean(),
})
export type SessionImage = z.infer<typeof sessionImageSchema>

/** How the reviewer last looked at a session; invalid values fall back to these defaults. */
export const viewStateSchema = z.object({
  imageId: imageIdSchema.nullable().catch(null),
  method: methodNameSchema.catch('epsilon-plus-flat'),
  parameters: methodParametersSchema.catch({}),
  /** The rules last chosen for the method `custom`; kept while another method is looked at. */
  composite: customCompositeSchema.nullable().catch(null),
  missing: missingRuleSchema.catch('refuse'),
  start: startSchema.catch('logit'),
  target: targetSchema.catch({ kind: 'top' }),
  colourMap: z.string().catch('blue-white-red'),
  /** 0…1 */
  opacity: z.number().min(0).max(1).catch(0.7),
  /** Hide relevance below this share of the legend's range, 0…1. */
  threshold: z.number().min(0).max(1).catch(0),
  sign: z.enum(['both', 'positive', 'negative']).catch('both'),
  /** The legend's range: the largest magnitude, or its 99.5th percentile. */
  normalisation: z.enum(['max', 'percentile']).catch('percentile'),
  sampling: z.enum(['smooth', 'pixelated']).catch('smooth'),
  heatmapVisible: z.boolean().catch(true),
  regionsVisible: z.boolean().catch(true),
})
export type ViewState = z.infer<typeof viewStateSchema>

export const sessionModelSchema = z.object({
  sha256: sha256Schema,
  cardSha256: sha256Schema,
  card: modelCardSchema,
  fileName: z.string(),
  available: z.boolean(),
})

export const sessionSchema = z.object({
  id: sessionIdSchema,
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  sample: z.boolean(),
  model: sessionModelSchema,
  images: z.array(sessionImageSchema),
  view: viewStateSchema,
})
export type Session = z.infer<typeof sessionSchema>

/** A file the user chose; the renderer never sees or sends a path afterwards. */
export const fileTokenSchema = z.uuid().brand<'FileToken'>()
export type FileToken = z.infer<typeof fileTokenSchema>

export const chosenFileSchema = z.object({
  token: fileTokenSchema,
  name: z.string(),
  bytes: z.number().int(),
})
export type ChosenFile = z.infer<typeof chosenFileSchema>

export const modelInspectionSchema = z.object({
  token: fileTokenSchema,
  fileName: z.string(),
  sha256: sha256Schema,
  bytes: z.number().int(),
  /** `found`: read from the card beside the model; `proposed`: made from the graph, the expert confirms it. */
  origin: z.enum(['found', 'proposed']),
  card: modelCardSchema,
  /** What the proposal could not know, in words. */
  doubts: z.array(z.string()),
  /** What may hold the classes; where there are several, the expert says which. */
  classOutputs: z.array(z.string()),
  coverage: coverageSchema,
  /** What it would be with the gradient in place of missing rules; null where no rule is missing. */
  byGradient: coverageSchema.nullable(),
})
export type ModelInspection = z.infer<typeof modelInspectionSchema>

/** A review as the window shows it, with the names of what Undo and Redo would do. */
export const reviewStateSchema = z.object({
  review: reviewSchema,
  undo: z.string().nullable(),
  redo: z.string().nullable(),
  /** ISO 8601, UTC: when the last change was on disk. */
  savedAt: z.iso.datetime().nullable(),
})
export type ReviewState = z.infer<typeof reviewStateSchema>

export const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  reviewer: z.string().max(200).catch(''),
  leftPanelOpen: z.boolean().catch(true),
  rightPanelOpen: z.boolean().catch(true),
  /** Single-letter shortcuts can be switched off (WCAG 2.1.4). */
  letterShortcuts: z.boolean().catch(true),
  /** What computes; a provider that is not right gives way to the next. */
  provider: providerChoiceSchema.catch('auto'),
})
export type Settings = z.infer<typeof settingsSchema>
