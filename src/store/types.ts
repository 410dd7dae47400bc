import { z } from 'zod'
import type { ModelCard } from '../shared/card'
import type { ErrorShape } from '../shared/errors'
import type { ExplanationSpec, Scope } from '../shared/explanation/method'
import type { ExplanationResult, Prediction } from '../shared/explanation/result'
import { sha256Schema, type Sha256 } from '../shared/hash'
import type { ReviewCommand } from '../shared/review/review'
import type {
  ImageId,
  ReviewState,
  Session,
  SessionId,
  SessionSummary,
  Settings,
  ViewState,
} from '../shared/session'

export interface StoreOptions {
  /** Where the database, the blobs, the backups and the quarantine lie; made when missing. */
  readonly folder: string
  /** Path of the SQLite add-on built for this runtime; needed where Node-API is older than 10. */
  readonly nativeBinding?: string
  readonly now: () => Date
  /** A fresh UUID at each call. */
  readonly newId: () => string
  /** Upper limit of the database in pages of 4096 bytes; the disk counts as full beyond it. */
  readonly maxPages?: number
}

export interface OpenedStore {
  readonly store: Store
  /** What the user should be told once, such as a quarantined database. */
  readonly notices: readonly ErrorShape[]
}

export const newImageSchema = z.object({
  path: z.string().min(1),
  name: z.string().min(1),
  sha256: sha256Schema,
  /** Pixels. */
  width: z.number().int().positive(),
  /** Pixels. */
  height: z.number().int().positive(),
  bytes: z.number().int().min(0),
  /** PNG. */
  thumbnail: z.instanceof(Uint8Array),
})
export type NewImage = z.infer<typeof newImageSchema>

export interface StoredModel {
  readonly path: string
  readonly fileName: string
  readonly sha256: Sha256
  readonly cardSha256: Sha256
  readonly card: ModelCard
}

export interface NewSession {
  readonly name: string
  /** True for the sessions that come with the program. */
  readonly sample: boolean
  readonly model: StoredModel
  readonly images: readonly NewImage[]
}

/** Whether a file is still where it was; `bytes` is its length when it was added, null when not kept. */
export type Availability = (path: string, bytes: number | null) => boolean

export interface Sessions {
  /** Last changed first. */
  list(): SessionSummary[]
  create(input: NewSession): SessionId
  /** Images which the session holds already (same sha256 and path) are skipped. */
  addImages(id: SessionId, images: readonly NewImage[]): void
  /** Remembers the session as the last one opened. Without `available`, every file counts as there. */
  open(id: SessionId, available?: Availability): Session
  rename(id: SessionId, name: string): void
  /** Deletes the session, its reviews, thumbnails and relevance; its audit entries stay. */
  remove(id: SessionId): void
  /** Not audited: how one looks is not what one says. */
  saveView(id: SessionId, view: ViewState): void
  model(id: SessionId): StoredModel
  /** The last session opened which still exists. */
  last(): SessionId | null
  /** True once a sample session was made here, even if the user has removed it since. */
  hasSamples(): boolean
}

export interface ImageRecord {
  readonly id: ImageId
  readonly sessionId: SessionId
  readonly path: string
  readonly name: string
  readonly sha256: Sha256
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  readonly bytes: number
}

export interface Images {
  record(id: ImageId): ImageRecord
  /** PNG, as it was given. */
  thumbnail(id: ImageId): Promise<Uint8Array<ArrayBuffer>>
}

export interface Reviews {
  get(imageId: ImageId): ReviewState
  /** One transaction: the change, its undo step and its audit entry. */
  apply(imageId: ImageId, command: ReviewCommand): ReviewState
  /** Gives the state back unchanged when there is nothing to undo. */
  undo(imageId: ImageId): ReviewState
  /** Gives the state back unchanged when there is nothing to redo. */
  redo(imageId: ImageId): ReviewState
}

export interface StoredExplanation {
  readonly result: ExplanationResult
  /** Of the float32 relevance bytes, little-endian, row-major. */
  readonly relevanceSha256: Sha256
}

export interface Explanations {
  find(imageId: ImageId, spec: ExplanationSpec): StoredExplanation | null
  /** Kept under `result.spec`; an earlier explanation with the same spec is replaced. */
  save(
    imageId: ImageId,
    result: ExplanationResult,
    relevance: Float32Array,
  ): Promise<{ relevanceSha256: Sha256 }>
  /** The explanation saved last. */
  latest(imageId: ImageId): StoredExplanation | null
  /**
   * @throws AppError `not-found` when the array is gone, `storage-corrupt` when its bytes differ
   * from their hash; it can be computed again in both cases.
   */
  relevance(sha256: Sha256): Promise<Float32Array<ArrayBuffer>>
}

export interface Predictions {
  find(imageId: ImageId, scope: Scope): Prediction | null
  /** Kept under `prediction.scope`. */
  save(imageId: ImageId, prediction: Prediction): void
}

export interface AuditEntry {
  /** Counts from 1 without gaps. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly time: string
  readonly reviewer: string
  readonly sessionId: string | null
  readonly imageId: string | null
  /** Such as `session.create` or `review.apply`. */
  readonly kind: string
  readonly payload: unknown
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string
  readonly hash: string
}

export interface Verification {
  readonly intact: boolean
  /** `seq` of the first entry that is changed, missing or out of order. */
  readonly firstBroken: number | null
}

export interface Audit {
  entries(sessionId?: SessionId): AuditEntry[]
  /** Hash of the last entry; 64 zeros when there is none. */
  head(): string
  count(): number
  /** Recomputes the whole chain. */
  verify(): Verification
}

/**
 * Everything the program keeps. Synchronous except where a blob is read or written.
 * Every method throws AppError: `not-found`, `invalid-input`, `storage-full`, `storage-corrupt`
 * or `io`; a method that throws has changed nothing.
 */
export interface Store {
  readonly settings: { get(): Settings; set(settings: Settings): Settings }
  readonly sessions: Sessions
  readonly images: Images
  readonly reviews: Reviews
  readonly explanations: Explanations
  readonly predictions: Predictions
  readonly audit: Audit
  /** Gives the data folder free for another program instance. Calling it again does nothing. */
  close(): void
}
