import type { Db } from '../database/sql'

/** One step of the schema. A released step never changes; a new one follows it. */
export interface Migration {
  /** The `user_version` it leads to: one more than that of the step before. */
  readonly version: number
  readonly name: string
  /** Runs inside the transaction that all pending steps share; foreign keys are checked at its end. */
  readonly up: (db: Db) => void
}
