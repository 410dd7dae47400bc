import { z } from 'zod'
import { sha256Schema } from '../hash'
import { explanationSpecSchema, scopeSchema } from './method'

/**
 * One layer of the conservation ledger, in units of relevance:
 * `relevanceOut = relevanceIn + bias + stabiliser + unexplained + residual`.
 */
export const ledgerEntrySchema = z.object({
  /** The node's name in the original model. */
  node: z.string(),
  operator: z.string(),
  rule: z.string(),
  /** Σ relevance over the layer's outputs: what it was given to distribute. */
  relevanceOut: z.number(),
  /** Σ relevance over the layer's inputs: what it passed on. */
  relevanceIn: z.number(),
  /** Absorbed by the bias. */
  bias: z.number(),
  /** Absorbed by the stabiliser. */
  stabiliser: z.number(),
  /** Kept back because the rule itself does not conserve (for example 2R − R where α2β1 finds no negative part). */
  unexplained: z.number(),
  /** What remains: float rounding when the layer balances. */
  residual: z.number(),
  /** |residual| over the largest magnitude that took part in the layer's sums. */
  relativeResidual: z.number(),
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

export const ledgerSchema = z.object({
  entries: z.array(ledgerEntrySchema),
  /** Largest relativeResidual over the entries. */
  largestResidual: z.number(),
  /** A layer balances when its relativeResidual is at or below this. */
  tolerance: z.number(),
  balanced: z.boolean(),
})
export type Ledger = z.infer<typeof ledgerSchema>

/** A number that a method states beside its map, in units of its score unless its name says otherwise. */
export const measureSchema = z.object({ name: z.string(), value: z.number() })

export const classScoreSchema = z.object({
  index: z.number().int(),
  label: z.string(),
  logit: z.number(),
  /** Softmax of the logits, 0…1; the logit's sigmoid where the model ends in a Sigmoid or has one class. */
  probability: z.number(),
})
export type ClassScore = z.infer<typeof classScoreSchema>

/** A rectangle in image pixels. */
export const imageRectSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
})
export type ImageRect = z.infer<typeof imageRectSchema>

export const tilingSchema = z.object({
  /** Number of tiles averaged. */
  count: z.number().int(),
  /** Pixels. */
  width: z.number().int(),
  /** Pixels. */
  height: z.number().int(),
  /** Pixels between neighbouring tiles. */
  stride: z.number().int(),
})

/** What computed a result; older ones state no more than the provider. */
const computedOn = {
  /** The execution provider, as `providerNames` has it. */
  provider: z.string(),
  /** Threads within one operator, on the processor. */
  threads: z.number().int().positive().nullable().default(null),
  /** Sentences: which provider was not used, why, and which one ran instead. */
  notices: z.array(z.string()).default([]),
}

export const predictionSchema = z.object({
  scope: scopeSchema,
  /** All logits; for a whole image of tiles the mean over the tiles. */
  logits: z.array(z.number()),
  /** The best five (or fewer), best first. For tiles the probability is the mean of the tiles' probabilities. */
  top: z.array(classScoreSchema),
  /** The part of the image that was seen. */
  region: imageRectSchema,
  tiling: tilingSchema.nullable(),
  ...computedOn,
  forwardMs: z.number(),
})
export type Prediction = z.infer<typeof predictionSchema>

export const explanationResultSchema = z.object({
  schema: z.literal('pixelwise-explanation/1'),
  spec: explanationSpecSchema,
  prediction: predictionSchema,
  /** The explained class and the one it is held against (contrast only). */
  explained: classScoreSchema,
  against: classScoreSchema.nullable(),
  /** [channels, height, width] of the relevance array (float32, row-major). */
  shape: z.array(z.number().int().positive()),
  /** The part of the image that the relevance array covers. */
  region: imageRectSchema,
  /** Σ of the relevance given to the logits (mean over tiles for a whole image of tiles). */
  startRelevance: z.number(),
  /** Σ of the relevance array. */
  sumRelevance: z.number(),
  /** Absent for gradient methods. */
  ledger: ledgerSchema.nullable(),
  /** What the method states of itself, such as a completeness residual (means over tiles); most state nothing. */
  measures: z.array(measureSchema).optional(),
  conventions: z.array(z.object({ name: z.string(), value: z.string() })),
  model: z.object({
    name: z.string(),
    version: z.string(),
    sha256: sha256Schema,
    cardSha256: sha256Schema.nullable(),
  }),
  input: z.object({
    /** Of the image file (or the .npy file) as it lies on disk. */
    sha256: sha256Schema,
    width: z.number().int(),
    height: z.number().int(),
  }),
  ...computedOn,
  milliseconds: z.object({
    compile: z.number(),
    forward: z.number(),
    explanation: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
})
export type ExplanationResult = z.infer<typeof explanationResultSchema>
