import { z } from 'zod'
import { modelCardSchema } from '../card'
import { errorShapeSchema } from '../errors'
import { customCompositeSchema } from '../explanation/composite'
import { explanationSpecSchema, missingRuleSchema, scopeSchema } from '../explanation/method'
import { explanationResultSchema, predictionSchema } from '../explanation/result'
import { modelTraitsSchema } from '../explanation/traits'
import { reportModelSchema } from '../report/model'
import { reviewCommandSchema } from '../review/review'
import {
  chosenFileSchema,
  fileTokenSchema,
  imageIdSchema,
  modelInspectionSchema,
  reviewStateSchema,
  sessionIdSchema,
  sessionSchema,
  sessionSummarySchema,
  settingsSchema,
  viewStateSchema,
} from '../session'
import { progressSchema } from './engine'

const nothing = z.undefined()
const bytes = z.instanceof(ArrayBuffer)
/** Chosen by the window, so that it can cancel and match progress. */
export const jobIdSchema = z.uuid().brand<'JobId'>()
export type JobId = z.infer<typeof jobIdSchema>

/** Everything the window may ask of main: channel → what it sends and what it gets back. */
export const channels = {
  'app.info': {
    request: nothing,
    response: z.object({
      version: z.string(),
      versions: z.record(z.string(), z.string()),
      /** What the program wants said once, such as a quarantined database. */
      notices: z.array(errorShapeSchema),
      /** The session to open at start: the last one, or the sample on the first start. */
      openSession: sessionIdSchema.nullable(),
      dataFolder: z.string(),
    }),
  },
  'app.openHelp': {
    request: z.object({ topic: z.enum(['manual', 'licences']) }),
    response: z.object({ text: z.string() }),
  },
  'settings.get': { request: nothing, response: settingsSchema },
  'settings.set': { request: settingsSchema, response: settingsSchema },

  'files.chooseModel': { request: nothing, response: chosenFileSchema.nullable() },
  'files.chooseImages': { request: nothing, response: z.array(chosenFileSchema) },
  /** Null when the user cancels; a file that is no composite is refused by the place in it. */
  'files.chooseComposite': { request: nothing, response: customCompositeSchema.nullable() },
  /** Every image in the chosen folder, not below it. */
  'files.chooseFolder': { request: nothing, response: z.array(chosenFileSchema) },
  /** Paths as the preload script read them from dropped files; folders are listed. */
  'files.dropped': {
    request: z.object({ paths: z.array(z.string().min(1).max(4096)).max(10_000) }),
    response: z.object({ models: z.array(chosenFileSchema), images: z.array(chosenFileSchema) }),
  },
  'models.inspect': {
    request: z.object({
      token: fileTokenSchema,
      /** Of a model without a card: the output that holds the classes. */
      output: z.string().max(1000).optional(),
    }),
    response: modelInspectionSchema,
  },
  /** The sample models that come with the program. */
  'models.samples': { request: nothing, response: z.array(chosenFileSchema) },

  'sessions.list': { request: nothing, response: z.array(sessionSummarySchema) },
  'sessions.create': {
    request: z.object({
      jobId: jobIdSchema,
      name: z.string().trim().min(1).max(200),
      model: fileTokenSchema,
      /** As found, or as the expert confirmed it. */
      card: modelCardSchema,
      images: z.array(fileTokenSchema).min(1).max(10_000),
      /** `gradient` takes models in which operators without a rule have at least a gradient. */
      missing: missingRuleSchema.optional(),
    }),
    /** Files that could not be read are named; the session holds the others. */
    response: z.object({
      session: sessionSchema,
      refused: z.array(z.object({ name: z.string(), error: errorShapeSchema })),
    }),
  },
  'sessions.addImages': {
    request: z.object({
      jobId: jobIdSchema,
      id: sessionIdSchema,
      images: z.array(fileTokenSchema).min(1).max(10_000),
    }),
    response: z.object({
      session: sessionSchema,
      refused: z.array(z.object({ name: z.string(), error: errorShapeSchema })),
    }),
  },
  'sessions.open': { request: z.object({ id: sessionIdSchema }), response: sessionSchema },
  /** What kind of network the session's model is. */
  'sessions.traits': {
    request: z.object({ id: sessionIdSchema }),
    response: modelTraitsSchema,
  },
  'sessions.rename': {
    request: z.object({ id: sessionIdSchema, name: z.string().trim().min(1).max(200) }),
    response: nothing,
  },
  'sessions.remove': { request: z.object({ id: sessionIdSchema }), response: nothing },
  'sessions.saveView': {
    request: z.object({ id: sessionIdSchema, view: viewStateSchema }),
    response: nothing,
  },

  /** The file's own bytes, for Chromium to decode. */
  'images.bytes': { request: z.object({ id: imageIdSchema }), response: bytes },
  /** PNG. */
  'images.thumbnail': { request: z.object({ id: imageIdSchema }), response: bytes },

  'analysis.predict': {
    request: z.object({ jobId: jobIdSchema, imageId: imageIdSchema, scope: scopeSchema }),
    response: predictionSchema,
  },
  'analysis.explain': {
    request: z.object({ jobId: jobIdSchema, imageId: imageIdSchema, spec: explanationSpecSchema }),
    /** The relevance is float32 of the result's shape. */
    response: z.object({ result: explanationResultSchema, relevance: bytes }),
  },
  /** Cancels whatever runs under this id; the call that started it fails with `cancelled`. */
  'jobs.cancel': { request: z.object({ jobId: jobIdSchema }), response: nothing },

  'review.get': { request: z.object({ imageId: imageIdSchema }), response: reviewStateSchema },
  'review.apply': {
    request: z.object({ imageId: imageIdSchema, command: reviewCommandSchema }),
    response: reviewStateSchema,
  },
  'review.undo': { request: z.object({ imageId: imageIdSchema }), response: reviewStateSchema },
  'review.redo': { request: z.object({ imageId: imageIdSchema }), response: reviewStateSchema },

  'report.model': {
    request: z.object({ sessionId: sessionIdSchema, imageIds: z.array(imageIdSchema).min(1) }),
    response: reportModelSchema,
  },
  /** Asks where to save, writes the PDF and the JSON beside it. Null when the user cancels. */
  'report.export': {
    request: z.object({
      jobId: jobIdSchema,
      sessionId: sessionIdSchema,
      imageIds: z.array(imageIdSchema).min(1),
    }),
    response: z
      .object({ pdfName: z.string(), jsonName: z.string(), folder: z.string(), pages: z.number() })
      .nullable(),
  },
} as const

export type Channels = typeof channels
export type Channel = keyof Channels
export type ChannelRequest<C extends Channel> = z.input<Channels[C]['request']>
export type ChannelResponse<C extends Channel> = z.infer<Channels[C]['response']>

/** What main tells the window unasked. */
export const events = {
  'job.progress': z.object({ jobId: jobIdSchema, progress: progressSchema }),
  /** A menu item was chosen; the window's action registry performs it. */
  'action.perform': z.object({ action: z.string() }),
  /** The engine process ended unexpectedly and was started again. */
  'engine.restarted': z.object({ error: errorShapeSchema }),
} as const
export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.infer<Events[E]>

/** How a response crosses: Electron would flatten a thrown error into a string. */
export const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorShapeSchema }),
])
export type Reply = z.infer<typeof replySchema>

/**
 * What the preload script puts on `window.pixelwise`: one function per channel and event,
 * and no way to name a channel that is not listed here.
 */
export interface Bridge {
  readonly call: { readonly [C in Channel]: (request: unknown) => Promise<unknown> }
  /** Returns the function that stops listening. */
  readonly on: { readonly [E in EventName]: (listener: (payload: unknown) => void) => () => void }
  /** The paths of dropped files, which only the preload script can read. */
  readonly pathsOf: (files: readonly File[]) => string[]
}
