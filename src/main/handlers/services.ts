import type { Handlers } from '../ipc/answer'
import type { Channel, EventName, EventPayload } from '../../shared/ipc/contract'
import type { EngineMethods } from '../../shared/ipc/engine'
import type { ReportMethods } from '../../shared/ipc/report'
import type { ErrorShape } from '../../shared/errors'
import type { ProviderChoice } from '../../shared/explanation/provider'
import type { SessionId, Settings } from '../../shared/session'
import type { Store } from '../../store'
import type { Dialogs } from '../dialogs'
import type { ProcessClient } from '../engine/client'
import type { FileTokens } from '../files/tokens'
import type { Jobs } from '../jobs'
import type { Resources } from '../resources'

export type Engine = ProcessClient<EngineMethods>
export type ReportProcess = ProcessClient<ReportMethods>

export interface Program {
  readonly version: string
  readonly versions: Readonly<Record<string, string>>
  readonly dataFolder: string
}

/** What happens once at the start, after the window is there: samples, and what to say about it. */
export interface Beginning {
  readonly openSession: SessionId | null
  readonly notices: readonly ErrorShape[]
}

/** Everything the handlers work with, made by the composition root. */
export interface Services {
  readonly program: Program
  readonly resources: Resources
  /** @throws AppError with the reason when the store could not be opened. */
  readonly store: () => Store
  readonly engine: Engine
  /** On what the engine is to compute. */
  readonly provider: () => ProviderChoice
  readonly report: ReportProcess
  readonly files: FileTokens
  readonly jobs: Jobs
  readonly dialogs: Dialogs
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  readonly beginning: () => Promise<Beginning>
  /** Told of new settings, so that the window's frame follows the theme. */
  readonly applySettings: (settings: Settings) => void
  readonly now: () => Date
  readonly newId: () => string
}

/** The handlers of one area: those channels whose name begins with its word. */
export type AreaHandlers<Area extends string> = Pick<
  Handlers,
  Extract<Channel, `${Area}.${string}`>
>
