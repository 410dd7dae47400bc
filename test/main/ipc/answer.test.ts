import { describe, expect, it } from 'vitest'
import {
  answer,
  callerAllowed,
  toErrorShape,
  type Caller,
  type Handlers,
} from '../../../src/main/ipc/answer'
import { channelNames } from '../../../src/main/ipc/names'
import { createHandlers } from '../../../src/main/handlers'
import { AppError, type ErrorShape } from '../../../src/shared/errors'
import { channels, type Channel } from '../../../src/shared/ipc/contract'
import { unusedServices } from '../support/services'

const own: Caller = { knownWindow: true, frame: { url: 'pixelwise://app/index.html', main: true } }

/** Handlers that must not be reached, except the given ones. */
function handlersWith(given: Partial<Handlers>): Handlers {
  return { ...createHandlers(unusedServices()), ...given }
}

async function ask(channel: Channel, handlers: Handlers, payload: unknown, caller = own) {
  const reported: ErrorShape[] = []
  const reply = await answer(channel, handlers, payload, caller, {
    checkResponses: true,
    report: (_channel, error) => reported.push(error),
  })
  return { reply, reported }
}

const uuid = '3f2b8c1e-4d5a-4b6c-8d7e-9f0a1b2c3d4e'

describe('the contract', () => {
  it('has a handler for every channel and no other', () => {
    expect(Object.keys(createHandlers(unusedServices())).sort()).toEqual([...channelNames()].sort())
  })

  it.each(channelNames())('%s refuses what its schema does not allow', async (channel) => {
    const takesNothing = channels[channel].request.safeParse(undefined).success
    const wrong = takesNothing ? [{}, 'x', 1, null] : [undefined, null, 1, 'x', [], { other: 1 }]
    for (const payload of wrong) {
      // Settings fall back to defaults field by field, so that any object is one.
      if (channel === 'settings.set' && payload instanceof Object) continue
      const { reply } = await ask(channel, handlersWith({}), payload)
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    }
  })

  it.each(channelNames())('%s refuses a frame that is not ours', async (channel) => {
    const { reply } = await ask(channel, handlersWith({}), undefined, {
      ...own,
      frame: { url: 'https://example.org/', main: true },
    })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })

  it.each([
    ['files.dropped', { paths: [''] }],
    ['files.dropped', { paths: Array.from({ length: 10_001 }, () => '/a.png') }],
    ['models.inspect', { token: '/etc/passwd' }],
    ['images.bytes', { id: '../../etc/passwd' }],
    ['sessions.rename', { id: uuid, name: '   ' }],
    ['sessions.create', { jobId: uuid, name: 'a', model: uuid, card: {}, images: [uuid] }],
    ['analysis.predict', { jobId: uuid, imageId: uuid, scope: { kind: 'tile', x: 0.5, y: 0 } }],
    ['review.apply', { imageId: uuid, command: { kind: 'drop-table' } }],
    ['report.export', { jobId: uuid, sessionId: uuid, imageIds: [] }],
    ['app.openHelp', { topic: '../../LICENSE' }],
  ] as const)('%s refuses %j', async (channel, payload) => {
    const { reply } = await ask(channel, handlersWith({}), payload)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })
})

describe('callerAllowed', () => {
  const frame = { url: 'pixelwise://app/index.html', main: true }
  it.each([
    ['our window', { knownWindow: true, frame }, true],
    ['a window that main did not make', { knownWindow: false, frame }, false],
    ['a frame inside the page', { knownWindow: true, frame: { ...frame, main: false } }, false],
    ['a frame that is gone', { knownWindow: true, frame: null }, false],
    ['another origin', { knownWindow: true, frame: { ...frame, url: 'https://app/' } }, false],
    ['an empty page', { knownWindow: true, frame: { ...frame, url: 'about:blank' } }, false],
  ])('%s → %s', (_what, caller, expected) => {
    expect(callerAllowed(caller)).toBe(expected)
  })
})

describe('answer', () => {
  it('parses before it calls: defaults are filled in, surplus is dropped', async () => {
    let seen: unknown
    const handlers = handlersWith({
      'app.openHelp': (request) => {
        seen = request
        return { text: 'manual' }
      },
    })
    const { reply } = await ask('app.openHelp', handlers, { topic: 'manual', surplus: 1 })
    expect(reply).toEqual({ ok: true, value: { text: 'manual' } })
    expect(seen).toEqual({ topic: 'manual' })
  })

  it('sends code, message and hint of an error, and never a stack', async () => {
    const handlers = handlersWith({
      'app.openHelp': () => {
        throw new AppError('not-found', 'It is gone.', 'Look elsewhere.')
      },
    })
    const { reply, reported } = await ask('app.openHelp', handlers, { topic: 'manual' })
    const error = { code: 'not-found', message: 'It is gone.', hint: 'Look elsewhere.' }
    expect(reply).toEqual({ ok: false, error })
    expect(reported).toEqual([error])
  })

  it('finds an answer that breaks the contract when asked to check', async () => {
    const broken: unknown = { text: 5 }
    const handlers = Object.assign(handlersWith({}), { 'app.openHelp': () => broken })
    const { reply } = await ask('app.openHelp', handlers, { topic: 'manual' })
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } })
  })
})

describe('toErrorShape', () => {
  it('takes the path out of a file error', () => {
    const thrown = Object.assign(new Error("ENOENT: no such file, open '/patients/doe.png'"), {
      code: 'ENOENT',
      syscall: 'open',
    })
    const shape = toErrorShape(thrown)
    expect(shape.code).toBe('io')
    expect(JSON.stringify(shape)).not.toContain('doe')
  })

  it('calls a full disk a full disk', () => {
    const thrown = Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' })
    expect(toErrorShape(thrown).code).toBe('storage-full')
  })
})
