import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { engineReplyMessageSchema, type EngineReplyMessage } from '../../../src/shared/ipc/engine'
import { buildEntry } from '../support/buildEntry'
import { samples } from '../support/paths'

let entry = ''
let child: ChildProcess | null = null
beforeAll(async () => {
  entry = await buildEntry('src/engine/process.ts', 'engine')
}, 60_000)
afterAll(() => rm(dirname(entry), { recursive: true }))
afterEach(() => child?.kill('SIGKILL'))

/** The engine as a forked Node child; `next` gives its messages in order. */
function start() {
  const started = fork(entry, [], { serialization: 'advanced' })
  child = started
  const waiting: ((message: EngineReplyMessage) => void)[] = []
  const arrived: EngineReplyMessage[] = []
  started.on('message', (message) => {
    const parsed = engineReplyMessageSchema.parse(message)
    const taker = waiting.shift()
    if (taker) taker(parsed)
    else arrived.push(parsed)
  })
  const next = () =>
    new Promise<EngineReplyMessage>((resolve) => {
      const message = arrived.shift()
      if (message) resolve(message)
      else waiting.push(resolve)
    })
  const reply = async () => {
    for (;;) {
      const message = await next()
      if (message.kind !== 'progress') return message
    }
  }
  return { child: started, next, reply }
}

function valueOf(message: EngineReplyMessage): unknown {
  if (message.kind !== 'done') throw new Error('expected a reply')
  return message.value
}

describe('the engine process', () => {
  const model = join(samples, 'mnist', 'mnist_lenet.onnx')
  const digit = join(samples, 'mnist', 'digits', '3-1.png')

  it('says that it is ready, answers, and keeps its order', async () => {
    const { child: engine, next, reply } = start()
    expect(await next()).toEqual({ kind: 'ready' })
    engine.send({ id: 1, method: 'inspectModel', params: { path: model } })
    engine.send({ id: 2, method: 'inspectModel', params: { path: '/nowhere.onnx' } })
    const first = await reply()
    expect(first).toMatchObject({ kind: 'done', id: 1, value: { origin: 'found' } })
    expect(await reply()).toMatchObject({ kind: 'failed', id: 2, error: { code: 'not-found' } })
  })

  it('sends relevance as a typed array and progress on the way', async () => {
    const { child: engine, next, reply } = start()
    await next()
    engine.send({ id: 1, method: 'inspectModel', params: { path: model } })
    const inspected = await reply()
    const { card } = z.object({ card: z.unknown() }).parse(valueOf(inspected))
    engine.send({
      id: 2,
      method: 'explain',
      params: {
        model: { path: model, card, sha256: null, cardSha256: null },
        image: { path: digit, sha256: null },
        spec: {
          method: 'epsilon-plus-flat',
          parameters: {},
          target: { kind: 'top' },
          start: 'logit',
          scope: { kind: 'whole' },
        },
      },
    })
    expect(await next()).toMatchObject({ kind: 'progress', id: 2 })
    const explained = await reply()
    expect(explained).toMatchObject({
      kind: 'done',
      value: { result: { explained: { label: '3' } } },
    })
    const { relevance } = z.object({ relevance: z.unknown() }).parse(valueOf(explained))
    expect(relevance).toBeInstanceOf(Float32Array)
    expect(relevance).toHaveLength(28 * 28)
  })

  it('ends when its parent is gone', async () => {
    const { child: engine, next } = start()
    await next()
    engine.disconnect()
    const [code] = await once(engine, 'exit')
    expect(code).toBe(0)
  })
})
