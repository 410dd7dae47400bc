import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { useChild } from './children'
import { firstImage, nativeBinding, open, relevance, result, temporaryFolder } from './support'

const kills = 15

describe('a program killed at any instant', () => {
  const start = useChild()

  it('loses nothing that it said was saved', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const promised = new Set<string>()
    let newest = 0
    for (let round = 0; round < kills; round += 1) {
      const child = start('write', folder)
      // The first rounds die while they open; the others in the middle of their work.
      await child.lines(round < 2 ? 0 : 2 + Math.floor(Math.random() * 25))
      const lines = await child.kill()
      for (const line of lines) {
        const [kind, value = ''] = line.split(' ')
        if (kind === 'region') promised.add(value)
        if (kind === 'explanation') newest = Number(value)
      }

      const { store, notices } = open(folder)
      expect(notices).toEqual([])
      expect(store.audit.verify()).toEqual({ intact: true, firstBroken: null })
      const [session] = store.sessions.list()
      if (session) {
        const imageId = firstImage(store, session.id)
        const { regions } = store.reviews.get(imageId).review
        const kept = new Set<string>(regions.map(({ id }) => id))
        expect([...promised].filter((id) => !kept.has(id))).toEqual([])
        const explanation = store.explanations.find(imageId, result.spec)
        const serial = explanation?.result.sumRelevance ?? 0
        expect(serial).toBeGreaterThanOrEqual(newest)
        if (explanation) {
          // A row never refers to a blob that is not whole.
          expect(await store.explanations.relevance(explanation.relevanceSha256)).toEqual(
            relevance.map((value) => value * serial),
          )
        }
      }
      store.close()
      const db = new Database(join(folder, 'pixelwise.db'), { nativeBinding })
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      db.close()
    }
    expect(promised.size).toBeGreaterThan(kills)
  })
})

describe('the lock of the data folder', () => {
  const start = useChild()

  it('keeps a second instance out, names the first, and ends with it', async () => {
    const folder = temporaryFolder()
    const child = start('hold', folder)
    expect(await child.lines(1)).toEqual(['open'])
    expect(() => open(folder)).toThrow(
      expect.objectContaining({
        code: 'io',
        message: expect.stringContaining(`process ${child.pid}`),
      }),
    )
    await child.kill()
    expect(open(folder).notices).toEqual([])
  })

  it('keeps a second store of the same program out until the first is closed', () => {
    const folder = temporaryFolder()
    const first = open(folder).store
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'io' }))
    first.close()
    first.close()
    open(folder)
  })
})
