import { z } from 'zod'
import { AppError } from '../errors'
import type { EngineReplyMessage } from './engine'

/** The message channel to the process that asks. */
export interface ServePort {
  readonly post: (message: unknown) => void
  readonly listen: (listener: (message: unknown) => void) => void
}

export interface MethodTable {
  readonly [method: string]: { readonly request: z.ZodType; readonly response: z.ZodType }
}

export interface ServeContext {
  /** Tells the asker how far the request is; `total` is 0 when the amount is not known. */
  readonly progress: (stage: string, done: number, total: number) => void
}

export type Handlers<T extends MethodTable> = {
  readonly [M in keyof T]: (
    params: z.output<T[M]['request']>,
    context: ServeContext,
  ) => Promise<z.input<T[M]['response']>> | z.input<T[M]['response']>
}

const requestMessageSchema = z.object({
  id: z.number().int(),
  method: z.string(),
  params: z.unknown(),
})

/**
 * Answers requests one after the other, in the order in which they came: heavy work must not double
 * its memory. Says `ready` first. A thrown AppError becomes a `failed` reply, anything else an
 * `internal` one; a message that is no request at all has no one to answer and is dropped.
 */
export function serve<T extends MethodTable>(
  methods: T,
  handlers: Handlers<T>,
  port: ServePort,
): void {
  const reply = (message: EngineReplyMessage) => port.post(message)
  const isMethod = (name: string): name is keyof T & string => Object.hasOwn(methods, name)

  async function call<M extends keyof T & string>(method: M, params: unknown, id: number) {
    const entry: T[M] = methods[method]
    const schema: T[M]['request'] = entry.request
    const parsed = schema.safeParse(params)
    if (!parsed.success) {
      throw new AppError('invalid-input', `${method}: ${z.prettifyError(parsed.error)}`)
    }
    return handlers[method](parsed.data, {
      progress: (stage, done, total) =>
        reply({ kind: 'progress', id, progress: { stage, done, total } }),
    })
  }

  async function answer(message: unknown): Promise<void> {
    const request = requestMessageSchema.safeParse(message)
    if (!request.success) return
    const { id, method, params } = request.data
    try {
      if (!isMethod(method)) {
        throw new AppError('invalid-input', `There is no method “${request.data.method}”.`)
      }
      reply({ kind: 'done', id, value: await call(method, params, id) })
    } catch (thrown) {
      reply({ kind: 'failed', id, error: AppError.from(thrown).toShape() })
    }
  }

  let last: Promise<void> = Promise.resolve()
  port.listen((message) => {
    last = last.then(() => answer(message))
  })
  reply({ kind: 'ready' })
}

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
}

function isParentPort(value: unknown): value is ParentPort {
  return (
    typeof value === 'object' &&
    value !== null &&
    'postMessage' in value &&
    typeof value.postMessage === 'function' &&
    'on' in value &&
    typeof value.on === 'function'
  )
}

/** What `serve` needs of Node's `process`: named here so that this file imports nothing of Node. */
export interface HostProcess {
  send?: ((message: unknown) => unknown) | undefined
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/**
 * The port to the parent: Electron's `process.parentPort` in a utility process, else the channel of
 * a forked Node child (`serialization: 'advanced'`, so that typed arrays cross).
 * @throws Error when the process has no parent to talk to.
 */
export function parentPortOf(host: HostProcess): ServePort {
  const port: unknown = 'parentPort' in host ? host.parentPort : undefined
  if (isParentPort(port)) {
    return {
      post: (message) => port.postMessage(message),
      listen: (listener) => {
        port.on('message', (event) => listener(event.data))
      },
    }
  }
  if (typeof host.send !== 'function') throw new Error('This process was not started by another.')
  return {
    post: (message) => {
      host.send?.(message)
    },
    listen: (listener) => {
      host.on('message', listener)
    },
  }
}
