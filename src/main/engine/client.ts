import type { z } from 'zod'
import { AppError, type ErrorShape } from '../../shared/errors'
import { engineReplyMessageSchema, type Progress } from '../../shared/ipc/engine'
import type { MethodTable } from '../../shared/ipc/serve'
import { createLimit } from '../window/recovery'
import { createQueue, type Priority } from './queue'
import type { Spawn, Transport } from './transport'

export interface RequestOptions {
  readonly priority: Priority
  /** Aborting ends the process when the request is already running in it. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface ProcessClient<T extends MethodTable> {
  /**
   * Asks the process; requests run one at a time.
   * @throws AppError `cancelled` after an abort, `engine-crashed` when the process ended under the
   * request, `internal` when its answer breaks the contract, or whatever the process answered.
   */
  readonly request: <M extends keyof T & string>(
    method: M,
    params: z.input<T[M]['request']>,
    options: RequestOptions,
  ) => Promise<z.output<T[M]['response']>>
  /** Ends the process; everything waiting fails with `cancelled`. */
  readonly close: () => void
}

export interface ClientOptions<T extends MethodTable> {
  readonly methods: T
  readonly spawn: Spawn
  /** As the user knows the process, at the start of a sentence: "The engine". */
  readonly name: string
  readonly now: () => number
  /** Told when the process ended by itself; it is started again with the next request. */
  readonly onCrash: (error: ErrorShape) => void
  /** The process is renewed when idle after this many requests… */
  readonly recycleAfter?: number
  /** …or when it holds more than this many bytes. */
  readonly recycleAboveBytes?: number
}

interface Task {
  readonly method: string
  readonly params: unknown
  readonly onProgress: ((progress: Progress) => void) | undefined
  /** Parses the answer and settles the request with it. */
  readonly accept: (value: unknown) => void
  readonly reject: (error: AppError) => void
}

interface Running {
  readonly transport: Transport
  ready: boolean
  /** Set before we end the process: its exit code does not tell a kill from a crash. */
  ending: boolean
  served: number
  current: { readonly id: number; readonly task: Task } | null
}

const mostCrashes = 4
const crashWindowMs = 60_000
const cancelled = () => new AppError('cancelled', 'Stopped. What was finished before is kept.')

/**
 * A queue in front of a process that may be killed or crash at any time. Only one request is ever
 * inside the process, so cancelling it by a kill costs no other; the waiting ones go to the next.
 */
export function createProcessClient<T extends MethodTable>(
  options: ClientOptions<T>,
): ProcessClient<T> {
  const { methods, spawn, name, onCrash } = options
  const recycleAfter = options.recycleAfter ?? Infinity
  const recycleAboveBytes = options.recycleAboveBytes ?? Infinity
  const queue = createQueue<Task>()
  const restarts = createLimit(mostCrashes, crashWindowMs, options.now)
  let running: Running | null = null
  let nextId = 1
  let blocked = false
  let closed = false

  function crashError(): AppError {
    return new AppError(
      'engine-crashed',
      `${name} ended unexpectedly; nothing saved was lost.`,
      blocked
        ? 'It ended several times in a row: use a smaller image or another model.'
        : 'Try again; it has been started anew.',
    )
  }

  const unreadable = (): AppError =>
    new AppError('internal', `${name} gave an answer that could not be read.`)

  function start(): Running {
    const transport = spawn()
    const process: Running = { transport, ready: false, ending: false, served: 0, current: null }
    transport.onMessage((message) => {
      receive(process, message)
    })
    transport.onExit(() => {
      ended(process)
    })
    return process
  }

  function receive(process: Running, message: unknown): void {
    const parsed = engineReplyMessageSchema.safeParse(message)
    if (process.ending || !parsed.success) return
    const reply = parsed.data
    if (reply.kind === 'ready') {
      process.ready = true
      pump()
      return
    }
    const current = process.current
    // An answer to a request that was given up is nobody's.
    if (current === null || current.id !== reply.id) return
    if (reply.kind === 'progress') {
      current.task.onProgress?.(reply.progress)
      return
    }
    process.current = null
    process.served += 1
    if (reply.kind === 'failed') current.task.reject(AppError.fromShape(reply.error))
    else current.task.accept(reply.value)
    recycleWhenIdle(process)
    pump()
  }

  function ended(process: Running): void {
    if (running === process) running = null
    if (process.ending) {
      pump()
      return
    }
    const again = restarts.tryAgain()
    blocked = !again
    const error = crashError()
    process.current?.task.reject(error)
    process.current = null
    onCrash(error.toShape())
    // Without a limit a process that cannot start would be started for ever.
    if (!again) for (const task of queue.drain()) task.reject(error)
    pump()
  }

  function end(process: Running): void {
    process.ending = true
    if (running === process) running = null
    process.transport.kill()
  }

  function recycleWhenIdle(process: Running): void {
    if (queue.size() > 0 || closed) return
    const bytes = process.transport.residentBytes() ?? 0
    if (process.served >= recycleAfter || bytes > recycleAboveBytes) end(process)
  }

  function pump(): void {
    if (closed || queue.size() === 0) return
    running ??= start()
    const process = running
    if (!process.ready || process.current !== null) return
    const task = queue.take()
    if (!task) return
    const id = nextId++
    process.current = { id, task }
    try {
      process.transport.post({ id, method: task.method, params: task.params })
    } catch (thrown) {
      process.current = null
      task.reject(AppError.from(thrown))
      pump()
    }
  }

  function abort(task: Task): void {
    if (queue.remove(task)) {
      task.reject(cancelled())
      return
    }
    if (running?.current?.task !== task) return
    const process = running
    process.current = null
    task.reject(cancelled())
    end(process)
    pump()
  }

  return {
    request: <M extends keyof T & string>(
      method: M,
      params: z.input<T[M]['request']>,
      { priority, signal, onProgress }: RequestOptions,
    ) =>
      new Promise<z.output<T[M]['response']>>((resolve, reject) => {
        if (closed || signal?.aborted === true) {
          reject(cancelled())
          return
        }
        const onAbort = (): void => {
          abort(task)
        }
        const settled = (): void => {
          signal?.removeEventListener('abort', onAbort)
        }
        const task: Task = {
          method,
          params,
          onProgress,
          accept: (value) => {
            settled()
            const response = methods[method]?.response.safeParse(value)
            if (response?.success !== true) {
              reject(unreadable())
              return
            }
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the method's own schema has just parsed it, which TypeScript cannot follow through the table
            resolve(response.data as z.output<T[M]['response']>)
          },
          reject: (error) => {
            settled()
            reject(error)
          },
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        queue.add(task, priority)
        pump()
      }),
    close() {
      closed = true
      for (const task of queue.drain()) task.reject(cancelled())
      const process = running
      if (!process) return
      process.current?.task.reject(cancelled())
      process.current = null
      end(process)
    },
  }
}
