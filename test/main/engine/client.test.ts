import { fork } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createProcessClient, type ProcessClient } from '../../../src/main/engine/client'
import type { Spawn } from '../../../src/main/engine/transport'
import type { ErrorShape } from '../../../src/shared/errors'

const echoed = z.object({ pid: z.number(), value: z.string() })
const methods = {
  echo: { request: z.object({ value: z.string() }), response: echoed },
  array: { request: z.object({}), response: z.object({ values: z.instanceof(Float32Array) }) },
  refuse: { request: z.object({}), response: echoed },
  progress: { request: z.object({}), response: echoed },
  hang: { request: z.object({}), response: echoed },
  crash: { request: z.object({}), response: echoed },
  nonsense: { request: z.object({}), response: echoed },
} as const

const open: ProcessClient<typeof methods>[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.close()
})

/** A client in front of real Node processes, which count themselves. */
function start(options: { recycleAfter?: number; entry?: string } = {}) {
  const crashes: ErrorShape[] = []
  let spawned = 0
  const spawn: Spawn = () => {
    spawned += 1
    const child = fork(options.entry ?? join(import.meta.dirname, 'child.mjs'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    return {
      post: (message) => child.send(Object(message)),
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => child.once('exit', listener),
      kill: () => child.kill('SIGKILL'),
      residentBytes: () => null,
    }
  }
  const client = createProcessClient({
    methods,
    spawn,
    name: 'The engine',
    now: () => 0,
    onCrash: (error) => crashes.push(error),
    ...(options.recycleAfter === undefined ? {} : { recycleAfter: options.recycleAfter }),
  })
  open.push(client)
  return { client, crashes, spawned: () => spawned }
}

const foreground = { priority: 'interactive' } as const
const background = { priority: 'background' } as const

/** Resolves when the running request has said that it is under way. */
function hanging(client: ProcessClient<typeof methods>) {
  const controller = new AbortController()
  let begun = (): void => undefined
  const started = new Promise<void>((resolve) => (begun = resolve))
  const result = client.request(
    'hang',
    {},
    { ...foreground, signal: controller.signal, onProgress: () => begun() },
  )
  return { controller, started, result }
}

describe('a process client', () => {
  it('starts no process before it is asked, and keeps one for all requests', async () => {
    const { client, spawned } = start()
    expect(spawned()).toBe(0)
    const a = await client.request('echo', { value: 'a' }, foreground)
    const b = await client.request('echo', { value: 'b' }, foreground)
    expect([a.value, b.value]).toEqual(['a', 'b'])
    expect(a.pid).toBe(b.pid)
    expect(spawned()).toBe(1)
  })

  it('brings typed arrays across', async () => {
    const { values } = await start().client.request('array', {}, foreground)
    expect([...values]).toEqual([1, 2, 3])
  })

  it('hands on progress and refusals', async () => {
    const { client } = start()
    const steps: number[] = []
    await client.request(
      'progress',
      {},
      { ...foreground, onProgress: ({ done }) => steps.push(done) },
    )
    expect(steps).toEqual([1, 2, 3])
    await expect(client.request('refuse', {}, foreground)).rejects.toMatchObject({
      code: 'invalid-image',
      hint: 'Choose another.',
    })
  })

  it('does not believe an answer that breaks the contract', async () => {
    await expect(start().client.request('nonsense', {}, foreground)).rejects.toMatchObject({
      code: 'internal',
    })
  })

  it('lets what someone waits for overtake imports', async () => {
    const { client } = start()
    const order: string[] = []
    const ask = (value: string, options: typeof foreground | typeof background) =>
      client.request('echo', { value }, options).then((reply) => order.push(reply.value))
    await Promise.all([
      ask('import 1', background),
      ask('import 2', background),
      ask('look 1', foreground),
      ask('look 2', foreground),
    ])
    // All four wait until the process is ready; nothing is inside it yet.
    expect(order).toEqual(['look 1', 'look 2', 'import 1', 'import 2'])
  })

  it('cancels a running request by ending the process; the waiting ones survive', async () => {
    const { client, crashes, spawned } = start()
    const { controller, started, result } = hanging(client)
    const waiting = client.request('echo', { value: 'kept' }, background)
    await started
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'cancelled' })
    await expect(waiting).resolves.toMatchObject({ value: 'kept' })
    expect(spawned()).toBe(2)
    // A kill is not a crash, whatever the exit code says.
    expect(crashes).toEqual([])
  })

  it('cancels a waiting request without touching the process', async () => {
    const { client, spawned } = start()
    const controller = new AbortController()
    const first = client.request('echo', { value: 'a' }, foreground)
    const second = client.request(
      'echo',
      { value: 'b' },
      { ...foreground, signal: controller.signal },
    )
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    await expect(first).resolves.toMatchObject({ value: 'a' })
    expect(spawned()).toBe(1)
  })

  it('refuses at once what was cancelled before it was asked', async () => {
    const { client, spawned } = start()
    const options = { ...foreground, signal: AbortSignal.abort() }
    await expect(client.request('echo', { value: 'a' }, options)).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(spawned()).toBe(0)
  })

  it('fails only the request under which the process crashed, and says so', async () => {
    const { client, crashes, spawned } = start()
    const crashing = client.request('crash', {}, foreground)
    const waiting = client.request('echo', { value: 'kept' }, foreground)
    await expect(crashing).rejects.toMatchObject({ code: 'engine-crashed' })
    await expect(waiting).resolves.toMatchObject({ value: 'kept' })
    expect(crashes).toHaveLength(1)
    expect(crashes[0]?.code).toBe('engine-crashed')
    expect(spawned()).toBe(2)
  })

  it('notices a process that is killed from outside', async () => {
    const { client, crashes } = start()
    const { pid } = await client.request('echo', { value: 'a' }, foreground)
    const { started, result } = hanging(client)
    await started
    process.kill(pid, 'SIGKILL')
    await expect(result).rejects.toMatchObject({ code: 'engine-crashed' })
    expect(crashes).toHaveLength(1)
  })

  it('does not start for ever a process that cannot start', async () => {
    const { client, spawned } = start({ entry: join(import.meta.dirname, 'missing.mjs') })
    await expect(client.request('echo', { value: 'a' }, foreground)).rejects.toMatchObject({
      code: 'engine-crashed',
    })
    expect(spawned()).toBe(5)
  })

  it('renews the process when idle after so many requests', async () => {
    const { client, crashes, spawned } = start({ recycleAfter: 2 })
    const pids: number[] = []
    for (const value of ['a', 'b', 'c']) {
      pids.push((await client.request('echo', { value }, foreground)).pid)
    }
    expect(pids[0]).toBe(pids[1])
    expect(pids[2]).not.toBe(pids[1])
    expect(spawned()).toBe(2)
    expect(crashes).toEqual([])
  })

  it('fails everything with `cancelled` when closed, and takes nothing more', async () => {
    const { client } = start()
    const { started, result } = hanging(client)
    const waiting = client.request('echo', { value: 'a' }, foreground)
    await started
    client.close()
    await expect(result).rejects.toMatchObject({ code: 'cancelled' })
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(client.request('echo', { value: 'b' }, foreground)).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})
