import { z } from 'zod'
import { modelCardSchema } from '../card'
import { errorShapeSchema } from '../errors'
import { coverageSchema } from '../explanation/coverage'
import { explanationSpecSchema, scopeSchema } from '../explanation/method'
import { providerChoiceSchema } from '../explanation/provider'
import { explanationResultSchema, predictionSchema } from '../explanation/result'
import { sha256Schema } from '../hash'

/** A model as the engine is told of it: where it lies and how pixels meet it. */
export const engineModelSchema = z.object({
  path: z.string(),
  card: modelCardSchema,
  /** The sha256 the model had when the session was made; the engine refuses a file that differs. */
  sha256: sha256Schema.nullable(),
  cardSha256: sha256Schema.nullable(),
})
export type EngineModel = z.infer<typeof engineModelSchema>

/** An image as the engine is told of it. */
export const engineImageSchema = z.object({
  path: z.string(),
  /** As for the model: a file that differs is refused. */
  sha256: sha256Schema.nullable(),
})

/** What is to compute; the reference when it is not said. */
const engineProviderSchema = providerChoiceSchema.optional()

/**
 * What the engine process can be asked, by method name.
 * Spoken between main (or the command line) and the engine; the window never speaks it.
 */
export const engineMethods = {
  inspectModel: {
    request: z.object({
      path: z.string(),
      /** Of a model without a card: the output that holds the classes. */
      output: z.string().optional(),
    }),
    response: z.object({
      fileName: z.string(),
      sha256: sha256Schema,
      bytes: z.number().int(),
      origin: z.enum(['found', 'proposed']),
      card: modelCardSchema,
      /** Of the card file's bytes, or of the proposal's JSON. */
      cardSha256: sha256Schema,
      doubts: z.array(z.string()),
      /** What may hold the classes; where there are several, the expert says which. */
      classOutputs: z.array(z.string()),
      coverage: coverageSchema,
      /** What it would be with the gradient in place of missing rules; null where no rule is missing. */
      byGradient: coverageSchema.nullable(),
    }),
  },
  inspectImage: {
    request: z.object({ path: z.string(), thumbnailSize: z.number().int().min(16).max(1024) }),
    response: z.object({
      sha256: sha256Schema,
      bytes: z.number().int(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** PNG; the longer side has thumbnailSize pixels. */
      thumbnail: z.instanceof(Uint8Array),
    }),
  },
  predict: {
    request: z.object({
      model: engineModelSchema,
      image: engineImageSchema,
      scope: scopeSchema,
      provider: engineProviderSchema,
    }),
    response: predictionSchema,
  },
  explain: {
    request: z.object({
      model: engineModelSchema,
      image: engineImageSchema,
      spec: explanationSpecSchema,
      provider: engineProviderSchema,
    }),
    response: z.object({
      result: explanationResultSchema,
      /** float32, shape as in the result. */
      relevance: z.instanceof(Float32Array),
    }),
  },
} as const
export type EngineMethods = typeof engineMethods
export type EngineMethod = keyof EngineMethods
export type EngineRequest<M extends EngineMethod> = z.input<EngineMethods[M]['request']>
export type EngineResponse<M extends EngineMethod> = z.infer<EngineMethods[M]['response']>

export const progressSchema = z.object({
  /** What is being done, in a few words for the user. */
  stage: z.string(),
  done: z.number(),
  /** 0 when the amount is not known. */
  total: z.number(),
})
export type Progress = z.infer<typeof progressSchema>

export const engineReplyMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), id: z.number().int(), progress: progressSchema }),
  z.object({ kind: z.literal('done'), id: z.number().int(), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.number().int(), error: errorShapeSchema }),
])
export type EngineReplyMessage = z.infer<typeof engineReplyMessageSchema>
