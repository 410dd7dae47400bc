import type { AuditTrail } from '../audit'
import type { Blobs } from '../blobs'
import type { Db } from '../database/sql'

/** What every repository works with. */
export interface Context {
  readonly db: Db
  readonly blobs: Blobs
  readonly audit: AuditTrail
  /** ISO 8601, UTC. */
  readonly now: () => string
  readonly newId: () => string
}
