import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onnxCompiler } from '../../../src/engine/compiler'
import { createEngine } from '../../../src/engine/service'
import { createFileTokens } from '../../../src/main/files/tokens'
import { createHandlers } from '../../../src/main/handlers'
import type { Handlers } from '../../../src/main/ipc/answer'
import { createJobs } from '../../../src/main/jobs'
import { resourcesIn } from '../../../src/main/resources'
import { begin } from '../../../src/main/samples/begin'
import { channels, jobIdSchema } from '../../../src/shared/ipc/contract'
import type { EngineMethods, Progress } from '../../../src/shared/ipc/engine'
import { regionIdSchema } from '../../../src/shared/review/region'
import type { ExplanationSpec } from '../../../src/shared/explanation/method'
import { openStore, type Store } from '../../../src/store'
import { inProcess } from '../support/inProcess'
import { unusedServices } from '../support/services'

const resources = resourcesIn(process.cwd())
const sample = (path: string) => join(resources.samples, path)
const newJob = () => jobIdSchema.parse(randomUUID())

let folder = ''
let store: Store
let engine: ReturnType<typeof inProcess<EngineMethods>>
let release: () => Promise<void>
let handlers: Handlers
let chosen: string[] = []
let progress: Progress[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlers-'))
  const nativeBinding = process.env['PIXELWISE_SQLITE_BINDING']
  store = openStore({
    folder: join(folder, 'data'),
    ...(nativeBinding === undefined ? {} : { nativeBinding }),
    now: () => new Date(),
    newId: randomUUID,
  }).store
  const real = createEngine(onnxCompiler)
  release = real.release
  engine = inProcess<EngineMethods>(real.handlers)
  chosen = []
  progress = []
  handlers = createHandlers(
    unusedServices({
      resources,
      store: () => store,
      engine,
      files: createFileTokens(randomUUID),
      jobs: createJobs((event) => progress.push(event.progress)),
      dialogs: {
        chooseModel: () => Promise.resolve(chosen[0] ?? null),
        chooseComposite: () => Promise.resolve(chosen[0] ?? null),
        chooseImages: () => Promise.resolve(chosen),
        chooseFolder: () => Promise.resolve(chosen[0] ?? null),
        saveReport: () => Promise.resolve(null),
      },
      newId: randomUUID,
    }),
  )
})
afterEach(async () => {
  await release()
  store.close()
  rmSync(folder, { recursive: true })
})

async function choose(...paths: string[]) {
  chosen = paths
  return handlers['files.chooseImages'](undefined)
}

/** A session of the digits network with one digit of each given class. */
async function digitSession(digits: readonly number[]) {
  const [model] = await choose(sample('mnist/mnist_lenet.onnx'))
  if (!model) throw new Error('no model')
  const { card } = await handlers['models.inspect']({ token: model.token })
  const images = await choose(...digits.map((digit) => sample(`mnist/digits/${digit}-0.png`)))
  return handlers['sessions.create']({
    jobId: newJob(),
    name: 'Digits',
    model: model.token,
    card,
    images: images.map(({ token }) => token),
  })
}

const why: ExplanationSpec = {
  method: 'epsilon-plus-flat',
  parameters: {},
  target: { kind: 'top' },
  start: 'logit',
  scope: { kind: 'whole' },
}

describe('choosing files', () => {
  it('answers null and nothing when the user cancels', async () => {
    expect(await handlers['files.chooseModel'](undefined)).toBeNull()
    expect(await handlers['files.chooseImages'](undefined)).toEqual([])
    expect(await handlers['files.chooseFolder'](undefined)).toEqual([])
  })

  it('lists the images of a folder, never their paths', async () => {
    chosen = [sample('mnist/digits')]
    const found = await handlers['files.chooseFolder'](undefined)
    expect(found).toHaveLength(100)
    expect(found[0]?.name).toBe('0-0.png')
    expect(JSON.stringify(found)).not.toContain('assets')
  })

  it('says so when a folder has no image', async () => {
    chosen = [folder]
    await expect(handlers['files.chooseFolder'](undefined)).rejects.toMatchObject({
      code: 'invalid-input',
    })
  })

  it('sorts what was dropped into models and images', async () => {
    const dropped = await handlers['files.dropped']({
      paths: [sample('ihc'), sample('mnist/digits/3-0.png')],
    })
    expect(dropped.models.map(({ name }) => name)).toEqual(['ihc-dab-folded.onnx', 'ihc-dab.onnx'])
    expect(dropped.images.map(({ name }) => name)).toEqual(['ihc.png', '3-0.png'])
    writeFileSync(join(folder, 'notes.txt'), '')
    await expect(
      Promise.resolve(handlers['files.dropped']({ paths: [join(folder, 'notes.txt')] })),
    ).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('sessions', () => {
  it('are made of a model and images, with progress', async () => {
    const { session, refused } = await digitSession([3, 7])
    expect(refused).toEqual([])
    expect(channels['sessions.create'].response.safeParse({ session, refused }).success).toBe(true)
    expect(session.images.map(({ name, available }) => [name, available])).toEqual([
      ['3-0.png', true],
      ['7-0.png', true],
    ])
    expect(progress.at(-1)).toEqual({ stage: 'Reading images', done: 2, total: 2 })
    expect(await handlers['sessions.list'](undefined)).toHaveLength(1)
  })

  it('name the files that could not be read and hold the others', async () => {
    const broken = join(folder, 'broken.png')
    writeFileSync(broken, 'not an image')
    const { session } = await digitSession([3])
    const images = await choose(broken, sample('mnist/digits/4-0.png'))
    const added = await handlers['sessions.addImages']({
      jobId: newJob(),
      id: session.id,
      images: images.map(({ token }) => token),
    })
    expect(added.session.images.map(({ name }) => name)).toEqual(['3-0.png', '4-0.png'])
    expect(added.refused).toMatchObject([{ name: 'broken.png', error: { code: 'invalid-image' } }])
  })

  it('are not made when no image can be read', async () => {
    const broken = join(folder, 'broken.png')
    writeFileSync(broken, '')
    const [model] = await choose(sample('mnist/mnist_lenet.onnx'))
    const images = await choose(broken)
    if (!model) throw new Error('no model')
    const { card } = await handlers['models.inspect']({ token: model.token })
    const creating = handlers['sessions.create']({
      jobId: newJob(),
      name: 'Nothing',
      model: model.token,
      card,
      images: images.map(({ token }) => token),
    })
    await expect(creating).rejects.toMatchObject({ code: 'invalid-image' })
    expect(await handlers['sessions.list'](undefined)).toEqual([])
  })

  it('are not made with a card that contradicts the graph', async () => {
    const [model] = await choose(sample('mnist/mnist_lenet.onnx'))
    const images = await choose(sample('mnist/digits/4-0.png'))
    if (!model) throw new Error('no model')
    const { card } = await handlers['models.inspect']({ token: model.token })
    const creating = handlers['sessions.create']({
      jobId: newJob(),
      name: 'Contradiction',
      model: model.token,
      card: { ...card, output: { ...card.output, name: 'nowhere' } },
      images: images.map(({ token }) => token),
    })
    await expect(creating).rejects.toMatchObject({ code: 'invalid-card' })
    expect(await handlers['sessions.list'](undefined)).toEqual([])
  })

  it('stop half-way when cancelled: a new one leaves nothing behind', async () => {
    const [model] = await choose(sample('mnist/mnist_lenet.onnx'))
    if (!model) throw new Error('no model')
    const { card } = await handlers['models.inspect']({ token: model.token })
    chosen = [sample('mnist/digits')]
    const images = await handlers['files.chooseFolder'](undefined)
    const jobId = newJob()
    const creating = handlers['sessions.create']({
      jobId,
      name: 'Many',
      model: model.token,
      card,
      images: images.map(({ token }) => token),
    })
    const outcome = expect(creating).rejects.toMatchObject({ code: 'cancelled' })
    // After the first stored batch of 32, before the last of 100.
    while (!progress.some(({ done }) => done >= 40)) await new Promise(setImmediate)
    await handlers['jobs.cancel']({ jobId })
    await outcome
    expect(await handlers['sessions.list'](undefined)).toEqual([])
  })

  it('tell which file is gone or changed', async () => {
    const copy = join(folder, 'copy.png')
    copyFileSync(sample('mnist/digits/5-0.png'), copy)
    const { session } = await digitSession([3])
    const images = await choose(copy)
    const { session: two } = await handlers['sessions.addImages']({
      jobId: newJob(),
      id: session.id,
      images: images.map(({ token }) => token),
    })
    const image = two.images[1]
    if (!image) throw new Error('no second image')
    expect((await handlers['images.bytes']({ id: image.id })).byteLength).toBe(image.bytes)
    writeFileSync(copy, 'something else')
    const reopened = await handlers['sessions.open']({ id: session.id })
    expect(reopened.images.map(({ available }) => available)).toEqual([true, false])
    await expect(Promise.resolve(handlers['images.bytes']({ id: image.id }))).rejects.toMatchObject(
      { code: 'invalid-image' },
    )
  })
})

describe('analysis', () => {
  it('predicts and explains once, and answers from the store afterwards', async () => {
    const { session } = await digitSession([3])
    const imageId = session.images[0]?.id
    if (imageId === undefined) throw new Error('no image')
    const whole = { kind: 'whole' } as const
    const ask = () => handlers['analysis.predict']({ jobId: newJob(), imageId, scope: whole })
    const prediction = await ask()
    expect(prediction.top[0]?.label).toBe('3')
    expect(await ask()).toEqual(prediction)

    const explain = () => handlers['analysis.explain']({ jobId: newJob(), imageId, spec: why })
    const first = await explain()
    expect(first.result.ledger?.balanced).toBe(true)
    const second = await explain()
    expect(second.result).toEqual(first.result)
    expect(new Float32Array(second.relevance)).toEqual(new Float32Array(first.relevance))
    expect(channels['analysis.explain'].response.safeParse(second).success).toBe(true)
    expect(engine.asked.filter((method) => method === 'explain')).toHaveLength(1)
    expect(engine.asked.filter((method) => method === 'predict')).toHaveLength(1)
  })
})

describe('report.model', () => {
  it('gathers review, explanation and evidence', async () => {
    const { session } = await digitSession([3])
    const imageId = session.images[0]?.id
    if (imageId === undefined) throw new Error('no image')
    await handlers['analysis.explain']({ jobId: newJob(), imageId, spec: why })
    await handlers['review.apply']({
      imageId,
      command: {
        kind: 'add-region',
        region: {
          id: regionIdSchema.parse(randomUUID()),
          geometry: { kind: 'rectangle', x: 0, y: 0, width: 28, height: 28 },
          label: 'all of it',
          colour: '#ffffff',
          note: '',
          createdAt: new Date().toISOString(),
        },
      },
    })
    const model = await handlers['report.model']({ sessionId: session.id, imageIds: [imageId] })
    expect(channels['report.model'].response.safeParse(model).success).toBe(true)
    expect(model.images[0]?.explanation?.evidence).toEqual([
      { area: 784, areaShare: 1, positiveShare: 1, negativeShare: expect.toBeOneOf([1, null]) },
    ])
    expect(model.audit.intact).toBe(true)
  })

  it('refuses an image of another session', async () => {
    const { session } = await digitSession([3])
    const { session: other } = await digitSession([4])
    const imageIds = other.images.map(({ id }) => id)
    await expect(
      Promise.resolve(handlers['report.model']({ sessionId: session.id, imageIds })),
    ).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the samples', () => {
  it('are made at the first start, the tissue opens, and are not made again', async () => {
    const first = await begin(store, engine, resources.samples, [])
    expect(first.notices).toEqual([])
    const names = store.sessions.list().map(({ name, imageCount }) => [name, imageCount])
    expect(names).toHaveLength(3)
    expect(names).toEqual(
      expect.arrayContaining([
        ['IHC colon, demonstration', 1],
        ['MNIST digits with a tanh network', 10],
        ['MNIST digits, demonstration', 20],
      ]),
    )
    const open = store.sessions.list().find(({ id }) => id === first.openSession)
    expect(open?.name).toBe('IHC colon, demonstration')

    for (const { id } of store.sessions.list()) store.sessions.remove(id)
    const second = await begin(store, engine, resources.samples, [])
    expect(second).toEqual({ openSession: null, notices: [] })
    expect(store.sessions.list()).toEqual([])
  })

  it('that cannot be made are told, and the program starts without them', async () => {
    const { openSession, notices } = await begin(store, engine, folder, [])
    expect(openSession).toBeNull()
    expect(notices).toHaveLength(3)
    expect(notices[0]?.message).toContain('IHC colon, demonstration')
  })
})
