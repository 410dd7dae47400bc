import { AppError } from '../../shared/errors'
import {
  channels,
  events,
  jobIdSchema,
  replySchema,
  type Bridge,
  type Channel,
  type ChannelRequest,
  type ChannelResponse,
  type EventName,
  type EventPayload,
  type JobId,
} from '../../shared/ipc/contract'

interface Parser<T> {
  readonly parse: (value: unknown) => T
}
const responses: { readonly [C in Channel]: { readonly response: Parser<ChannelResponse<C>> } } =
  channels
const payloads: { readonly [E in EventName]: Parser<EventPayload<E>> } = events

/** The window's only way to main. */
export interface Api {
  /** @throws AppError whatever main answered, or `internal` for an answer outside the contract. */
  readonly call: <C extends Channel>(
    channel: C,
    request: ChannelRequest<C>,
  ) => Promise<ChannelResponse<C>>
  /** Returns the function that stops listening. */
  readonly on: <E extends EventName>(
    event: E,
    listener: (payload: EventPayload<E>) => void,
  ) => () => void
  readonly pathsOf: (files: readonly File[]) => string[]
}

export function createApi(bridge: Bridge): Api {
  return {
    async call<C extends Channel>(
      channel: C,
      request: ChannelRequest<C>,
    ): Promise<ChannelResponse<C>> {
      const reply = replySchema.parse(await bridge.call[channel](request))
      if (!reply.ok) throw AppError.fromShape(reply.error)
      return responses[channel].response.parse(reply.value)
    },
    on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
      const parser = payloads[event]
      return bridge.on[event]((payload) => {
        listener(parser.parse(payload))
      })
    },
    pathsOf: (files) => bridge.pathsOf(files),
  }
}

export function newJobId(): JobId {
  return jobIdSchema.parse(crypto.randomUUID())
}
