import type {
  Bridge,
  Channel,
  ChannelResponse,
  EventName,
  EventPayload,
} from '../../../src/shared/ipc/contract'
import { channels, events } from '../../../src/shared/ipc/contract'
import { AppError } from '../../../src/shared/errors'
import { createApi, type Api } from '../../../src/renderer/api/client'

type Answers = {
  [C in Channel]?: (request: never) => ChannelResponse<C> | Promise<ChannelResponse<C>>
}

export interface FakeMain {
  readonly api: Api
  readonly bridge: Bridge
  /** Requests as they came, by channel. */
  readonly asked: readonly { readonly channel: Channel; readonly request: unknown }[]
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
}

/** A main process of plain functions, behind the real bridge's shape and the real parsing. */
export function fakeMain(answers: Answers): FakeMain {
  const asked: { channel: Channel; request: unknown }[] = []
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>()

  async function reply(channel: Channel, request: unknown): Promise<unknown> {
    asked.push({ channel, request })
    try {
      const handler: unknown = answers[channel]
      if (typeof handler !== 'function') {
        throw new AppError('internal', `The test does not answer ${channel}.`)
      }
      return { ok: true, value: await handler(request) }
    } catch (thrown) {
      return { ok: false, error: AppError.from(thrown).toShape() }
    }
  }

  const bridge = {
    call: Object.fromEntries(
      Object.keys(channels).map((channel) => [
        channel,
        (request: unknown) => reply(channel as Channel, request),
      ]),
    ) as Bridge['call'],
    on: Object.fromEntries(
      Object.keys(events).map((event) => [
        event,
        (listener: (payload: unknown) => void) => {
          const set = listeners.get(event as EventName) ?? new Set()
          listeners.set(event as EventName, set.add(listener))
          return () => {
            set.delete(listener)
          }
        },
      ]),
    ) as Bridge['on'],
    pathsOf: (files: readonly File[]) => files.map(({ name }) => `/${name}`),
  }
  return {
    api: createApi(bridge),
    bridge,
    asked,
    emit: (event, payload) => {
      for (const listener of listeners.get(event) ?? []) listener(payload)
    },
  }
}

/** A promise that the test settles. */
export function deferred<T>(): {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (thrown: unknown) => void
} {
  let resolve: (value: T) => void = () => undefined
  let reject: (thrown: unknown) => void = () => undefined
  const promise = new Promise<T>((keep, refuse) => {
    resolve = keep
    reject = refuse
  })
  return { promise, resolve, reject }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
