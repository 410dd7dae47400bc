import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import { settingsSchema } from '../../../src/shared/session'
import { createApi } from '../../../src/renderer/api/client'
import { fakeMain } from '../state/fakeApi'

describe('the window’s way to main', () => {
  it('gives back what main answered, parsed', async () => {
    const settings = settingsSchema.parse({ reviewer: 'A. Ruiz' })
    const { api } = fakeMain({ 'settings.get': () => settings })
    await expect(api.call('settings.get', undefined)).resolves.toEqual(settings)
  })

  it('throws main’s error with its code and hint', async () => {
    const { api } = fakeMain({
      'settings.get': () => {
        throw new AppError('storage-full', 'The disk is full.', 'Make room.')
      },
    })
    await expect(api.call('settings.get', undefined)).rejects.toMatchObject({
      code: 'storage-full',
      hint: 'Make room.',
    })
  })

  it('refuses an answer outside the contract', async () => {
    const { bridge } = fakeMain({})
    const broken = createApi({
      ...bridge,
      call: { ...bridge.call, 'sessions.list': () => Promise.resolve({ ok: true, value: [{}] }) },
    })
    await expect(broken.call('sessions.list', undefined)).rejects.toThrow()
  })

  it('stops listening', () => {
    const { api, emit } = fakeMain({})
    const heard: string[] = []
    const stop = api.on('action.perform', ({ action }) => heard.push(action))
    emit('action.perform', { action: 'view.fit' })
    stop()
    emit('action.perform', { action: 'view.zoomIn' })
    expect(heard).toEqual(['view.fit'])
  })
})
