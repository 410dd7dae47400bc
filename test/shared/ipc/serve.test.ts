import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../../src/shared/errors'
import { engineReplyMessageSchema, type EngineReplyMessage } from '../../../src/shared/ipc/engine'
import { parentPortOf, serve, type Handlers } from '../../../src/shared/ipc/serve'

const methods = {
  double: { request: z.object({ value: z.number() }), response: z.number() },
  fail: { request: z.object({ how: z.enum(['app', 'other']) }), response: z.number() },
} as const

function start(handlers: Partial<Handlers<typeof methods>> = {}) {
  const replies: EngineReplyMessage[] = []
  const listeners: ((message: unknown) => void)[] = []
  const waiting: (() => void)[] = []
  serve(
    methods,
    {
      double: ({ value }, { progress }) => {
        progress('Doubling', 1, 2)
        return value * 2
      },
      fail: ({ how }) => {
        if (how === 'app') throw new AppError('io', 'The disk went away.', 'Plug it in.')
        throw new TypeError('surprise')
      },
      ...handlers,
    },
    {
      post: (message) => {
        replies.push(engineReplyMessageSchema.parse(message))
        waiting.splice(0).forEach((wake) => wake())
      },
      listen: (listener) => listeners.push(listener),
    },
  )
  return {
    replies,
    send: (message: unknown) => listeners.forEach((listener) => listener(message)),
    until: async (count: number) => {
      while (replies.length < count) await new Promise<void>((wake) => waiting.push(wake))
    },
  }
}

describe('serve', () => {
  it('says it is ready, then answers with progress and value', async () => {
    const { replies, send, until } = start()
    send({ id: 7, method: 'double', params: { value: 21 } })
    await until(3)
    expect(replies).toEqual([
      { kind: 'ready' },
      { kind: 'progress', id: 7, progress: { stage: 'Doubling', done: 1, total: 2 } },
      { kind: 'done', id: 7, value: 42 },
    ])
  })

  it('answers errors in their crossing form and goes on', async () => {
    const { replies, send, until } = start()
    send({ id: 1, method: 'fail', params: { how: 'app' } })
    send({ id: 2, method: 'fail', params: { how: 'other' } })
    send({ id: 3, method: 'double', params: { value: 'two' } })
    send({ id: 4, method: 'toString', params: {} })
    send('not a request')
    send({ id: 5, method: 'double', params: { value: 1 } })
    await until(7)
    expect(replies[1]).toEqual({
      kind: 'failed',
      id: 1,
      error: { code: 'io', message: 'The disk went away.', hint: 'Plug it in.' },
    })
    expect(replies[2]).toMatchObject({ id: 2, error: { code: 'internal', message: 'surprise' } })
    expect(replies[3]).toMatchObject({ id: 3, error: { code: 'invalid-input' } })
    expect(replies[4]).toMatchObject({ id: 4, error: { code: 'invalid-input' } })
    expect(replies.at(-1)).toEqual({ kind: 'done', id: 5, value: 2 })
  })

  it('works on one request at a time', async () => {
    let running = 0
    let most = 0
    const { replies, send, until } = start({
      double: async ({ value }) => {
        running += 1
        most = Math.max(most, running)
        await new Promise(setImmediate)
        running -= 1
        return value * 2
      },
    })
    for (const id of [1, 2, 3]) send({ id, method: 'double', params: { value: id } })
    await until(4)
    expect(most).toBe(1)
    expect(replies.slice(1)).toEqual([1, 2, 3].map((id) => ({ kind: 'done', id, value: id * 2 })))
  })
})

describe('parentPortOf', () => {
  it('prefers the port of a utility process and unwraps its events', () => {
    const posted: unknown[] = []
    let deliver: (event: { data: unknown }) => void = () => {}
    const port = parentPortOf({
      on: () => undefined,
      parentPort: {
        postMessage: (message: unknown) => posted.push(message),
        on: (_event: string, listener: typeof deliver) => (deliver = listener),
      },
    } as Parameters<typeof parentPortOf>[0])
    const heard: unknown[] = []
    port.listen((message) => heard.push(message))
    deliver({ data: 'question' })
    port.post('answer')
    expect(heard).toEqual(['question'])
    expect(posted).toEqual(['answer'])
  })

  it('uses the channel of a forked child, and refuses a process without a parent', () => {
    const posted: unknown[] = []
    const port = parentPortOf({ on: () => undefined, send: (message) => posted.push(message) })
    port.post('answer')
    expect(posted).toEqual(['answer'])
    expect(() => parentPortOf({ on: () => undefined })).toThrow(/not started by another/)
  })
})
