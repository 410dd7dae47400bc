import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingsSchema, viewStateSchema, type ViewState } from '../../src/shared/session'
import {
  card,
  createSession,
  newImage,
  newSession,
  open,
  prediction,
  region,
  relevance,
  result,
  sha,
  temporaryFolder,
} from './support'

describe('store', () => {
  it('begins a session with the method that its card names', () => {
    const { store } = open(temporaryFolder())
    const { model } = newSession()
    const withMethod = { ...model, card: { ...card, method: 'epsilon' as const } }
    const named = store.sessions.create(newSession({ model: withMethod }))
    const silent = store.sessions.create(newSession())
    expect(store.sessions.open(named).view.method).toBe('epsilon')
    expect(store.sessions.open(silent).view.method).toBe('epsilon-plus-flat')
    store.close()
  })

  it('gives back after a reopen what was saved', async () => {
    const folder = temporaryFolder()
    const first = open(folder).store
    expect(first.sessions.hasSamples()).toBe(false)
    expect(first.sessions.last()).toBeNull()
    const { id, imageId } = createSession(first, { sample: true })
    const settings = first.settings.set({
      ...first.settings.get(),
      reviewer: 'Dr Ada',
      theme: 'dark',
    })
    const view: ViewState = viewStateSchema.parse({ imageId, opacity: 0.25, colourMap: 'jet' })
    first.sessions.saveView(id, view)
    const marked = region({ label: 'nucleus' })
    first.reviews.apply(imageId, { kind: 'add-region', region: marked })
    const state = first.reviews.apply(imageId, {
      kind: 'set-verdict',
      patch: { decision: 'disagree', correctClass: 1, confidence: 4, comment: 'crowded\nnuclei µ' },
    })
    first.predictions.save(imageId, prediction)
    const { relevanceSha256 } = await first.explanations.save(imageId, result, relevance)
    const session = first.sessions.open(id)
    const entries = first.audit.entries()
    first.close()

    const { store, notices } = open(folder)
    expect(notices).toEqual([])
    expect(store.settings.get()).toEqual(settings)
    expect(store.sessions.open(id)).toEqual(session)
    expect(session.view).toEqual(view)
    expect(session.model.card).toEqual(card)
    expect(store.sessions.last()).toBe(id)
    expect(store.sessions.hasSamples()).toBe(true)
    expect(store.reviews.get(imageId)).toEqual(state)
    expect(state.review.regions).toEqual([marked])
    expect(store.predictions.find(imageId, { kind: 'whole' })).toEqual(prediction)
    expect(store.explanations.find(imageId, result.spec)).toEqual({ result, relevanceSha256 })
    expect(store.explanations.latest(imageId)).toEqual({ result, relevanceSha256 })
    expect(await store.explanations.relevance(relevanceSha256)).toEqual(relevance)
    expect(await store.images.thumbnail(imageId)).toEqual(newImage('one.png', '1').thumbnail)
    expect(store.images.record(imageId)).toMatchObject({ path: '/images/one.png', sessionId: id })
    expect(store.audit.entries()).toEqual(entries)
    expect(store.audit.verify()).toEqual({ intact: true, firstBroken: null })
  })

  it('starts with default settings', () => {
    const { store } = open(temporaryFolder())
    expect(store.settings.get()).toEqual(settingsSchema.parse({}))
  })

  it('keeps patient data from other users of the machine', () => {
    const folder = join(temporaryFolder(), 'data')
    const { store } = open(folder)
    createSession(store)
    const modeOf = (...path: string[]) => statSync(join(folder, ...path)).mode & 0o777
    expect(modeOf()).toBe(0o700)
    expect(modeOf('blobs')).toBe(0o700)
    for (const name of ['pixelwise.db', 'pixelwise.db-wal', 'pixelwise.db-shm', 'pixelwise.lock']) {
      expect([name, modeOf(name)]).toEqual([name, 0o600])
    }
  })
})

describe('sessions', () => {
  it('lists the last changed first, with counts and previews', () => {
    const { store } = open(temporaryFolder())
    const older = createSession(store, { name: 'Older' })
    const newer = createSession(store, { name: 'Newer', images: [newImage('x.png', '3')] })
    expect(store.sessions.list().map(({ name }) => name)).toEqual(['Newer', 'Older'])
    store.reviews.apply(older.imageId, { kind: 'set-verdict', patch: { decision: 'agree' } })
    const [first, second] = store.sessions.list()
    expect(first).toMatchObject({
      name: 'Older',
      modelName: 'Tissue',
      imageCount: 2,
      judgedCount: 1,
      sample: false,
    })
    expect(first?.preview[0]).toBe(older.imageId)
    expect(second).toMatchObject({ id: newer.id, imageCount: 1, judgedCount: 0 })
  })

  it('skips an image that is there already, and one given twice', () => {
    const { store } = open(temporaryFolder())
    const twice = newImage('one.png', '1')
    const { id } = createSession(store, { images: [twice, newImage('two.png', '2'), twice] })
    const before = store.audit.count()
    store.sessions.addImages(id, [twice])
    expect(store.audit.count()).toBe(before)
    store.sessions.addImages(id, [twice, newImage('three.png', '3')])
    const names = store.sessions.open(id).images.map(({ name }) => name)
    expect(names).toEqual(['one.png', 'two.png', 'three.png'])
    expect(store.audit.entries(id).map(({ kind }) => kind)).toEqual([
      'session.create',
      'session.add-images',
    ])
  })

  it('asks which files are still there', () => {
    const { store } = open(temporaryFolder())
    const { id } = createSession(store)
    const session = store.sessions.open(id, (path) => path === '/images/two.png')
    expect(session.model.available).toBe(false)
    expect(session.images.map(({ available }) => available)).toEqual([false, true])
  })

  it('tells a touched image from a judged one', () => {
    const { store } = open(temporaryFolder())
    const { id, imageId } = createSession(store)
    const look = () => store.sessions.open(id).images[0]
    expect(look()).toMatchObject({ touched: false, decision: null, regionCount: 0 })
    store.reviews.apply(imageId, { kind: 'set-verdict', patch: { comment: 'look again' } })
    expect(look()).toMatchObject({ touched: true, decision: null })
    store.reviews.apply(imageId, { kind: 'add-region', region: region() })
    store.reviews.apply(imageId, { kind: 'set-verdict', patch: { decision: 'unsure' } })
    expect(look()).toMatchObject({ touched: false, decision: 'unsure', regionCount: 1 })
  })

  it('removes a session with its blobs, keeps its audit entries and what others share', async () => {
    const { store } = open(temporaryFolder())
    const gone = createSession(store, { sample: true })
    const kept = createSession(store)
    const shared = await store.explanations.save(gone.imageId, result, relevance)
    await store.explanations.save(kept.imageId, result, relevance)
    const own = await store.explanations.save(
      gone.imageId,
      { ...result, spec: { ...result.spec, method: 'gradient' } },
      relevance.map((value) => value * 2),
    )
    store.sessions.rename(gone.id, 'Ward 8')
    store.sessions.open(gone.id)
    store.sessions.remove(gone.id)

    expect(store.sessions.last()).toBeNull()
    expect(store.sessions.hasSamples()).toBe(true)
    expect(store.audit.entries(gone.id).map(({ kind }) => kind)).toEqual([
      'session.create',
      'session.rename',
      'session.remove',
    ])
    expect(() => store.reviews.get(gone.imageId)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    expect(await store.explanations.relevance(shared.relevanceSha256)).toEqual(relevance)
    expect(await store.images.thumbnail(kept.imageId)).toHaveLength(20)
    await expect(store.explanations.relevance(own.relevanceSha256)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('refuses what it could not read back, and keeps nothing of it', () => {
    const { store } = open(temporaryFolder())
    const invalid = expect.objectContaining({ code: 'invalid-input' })
    expect(() => store.sessions.create(newSession({ name: '  ' }))).toThrow(invalid)
    expect(() =>
      store.sessions.create(newSession({ images: [{ ...newImage('a', '1'), width: 0 }] })),
    ).toThrow(invalid)
    expect(store.sessions.list()).toEqual([])
    expect(store.audit.count()).toBe(0)
  })
})

describe('explanations', () => {
  it('replaces the one with the same spec and deletes its relevance', async () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    const first = await store.explanations.save(imageId, result, relevance)
    const other = {
      ...result,
      spec: { ...result.spec, target: { kind: 'class', index: 1 } as const },
    }
    await store.explanations.save(imageId, other, relevance.toReversed())
    expect(store.explanations.latest(imageId)?.result).toEqual(other)
    const doubled = relevance.map((value) => value * 2)
    const second = await store.explanations.save(imageId, result, doubled)
    expect(store.explanations.latest(imageId)?.relevanceSha256).toBe(second.relevanceSha256)
    expect(await store.explanations.relevance(second.relevanceSha256)).toEqual(doubled)
    await expect(store.explanations.relevance(first.relevanceSha256)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('refuses relevance that does not have the shape of its result', async () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    await expect(
      store.explanations.save(imageId, result, new Float32Array(3)),
    ).rejects.toMatchObject({ code: 'invalid-input' })
    expect(store.explanations.latest(imageId)).toBeNull()
  })

  it('knows nothing of an image it was not given', async () => {
    const { store } = open(temporaryFolder())
    const { id, imageId } = createSession(store)
    store.sessions.remove(id)
    await expect(store.explanations.save(imageId, result, relevance)).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(store.explanations.relevance(sha('c'))).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
