import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onnxCompiler } from '../../../src/engine/compiler'
import { sha256Of } from '../../../src/engine/files'
import { decodePng, encodePng } from '../../../src/engine/images/png'
import { createEngine, type Engine } from '../../../src/engine/service'
import { modelCardSchema } from '../../../src/shared/card'
import { AppError } from '../../../src/shared/errors'
import type { ExplanationSpec } from '../../../src/shared/explanation/method'
import { makeCard } from '../support/cards'
import { fakeCompiler } from '../support/fakeCompiler'
import { inspectImage } from '../support/inspect'
import { samples } from '../support/paths'
import { twoOutputs } from '../support/twoOutputs'

const quiet = { progress: () => {} }
const scope = { kind: 'whole' } as const
const spec: ExplanationSpec = {
  method: 'epsilon',
  parameters: {},
  target: { kind: 'top' },
  start: 'logit',
  scope,
}
const tileCard = makeCard({ fit: 'tile', stride: 2 })

let folder = ''
let log: string[] = []
let engine: Engine
const path = (name: string) => join(folder, name)
const image = () => ({ path: path('i.png'), sha256: null })
const model = (card = tileCard) => ({
  path: path('m.onnx'),
  card,
  sha256: sha256Of('model'),
  cardSha256: null,
})

/** An image whose pixels all have one grey value. */
async function writeImage(width: number, height: number, value = 200) {
  const rgb = new Uint8Array(width * height * 3).fill(value)
  await writeFile(path('i.png'), encodePng(width, height, rgb))
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelwise-service-'))
  await writeFile(path('m.onnx'), 'model')
  await writeImage(8, 6)
  const fake = fakeCompiler()
  log = fake.log
  engine = createEngine(fake.compiler)
})
afterEach(() => rm(folder, { recursive: true }))

describe('the engine', () => {
  it('compiles once however often class, start or tile change, and predicts once', async () => {
    await engine.handlers.predict({ model: model(), image: image(), scope }, quiet)
    for (const index of [0, 1])
      await engine.handlers.explain(
        { model: model(), image: image(), spec: { ...spec, target: { kind: 'class', index } } },
        quiet,
      )
    expect(log).toEqual(['compile classifier ×16', 'compile epsilon ×16'])
    await engine.release()
    expect(log.filter((line) => line.startsWith('release'))).toHaveLength(2)
  })

  it('averages an even image into an even map', async () => {
    const { result, relevance } = await engine.handlers.explain(
      { model: model(), image: image(), spec },
      quiet,
    )
    expect(result.prediction.tiling).toEqual({ count: 6, width: 4, height: 4, stride: 2 })
    expect(result.shape).toEqual([3, 6, 8])
    // Relevance of the fake is the input: (200/255 − 0.5)/0.1 for red.
    const red = Math.fround((200 / 255 - 0.5) / 0.1)
    expect(new Set(relevance.subarray(0, 48))).toEqual(new Set([red]))
    // Every tile is alike, so the means are those of one tile: its logit is the sum of its inputs.
    const one = (result.sumRelevance / 48) * 16
    expect(result.startRelevance).toBeCloseTo(one, 3)
    expect(result.ledger?.entries[0]?.relevanceIn).toBeCloseTo(one, 3)
  })

  it('pads an image that is smaller than a tile, says so, and leaves the padding out', async () => {
    await writeImage(2, 3)
    const { result, relevance } = await engine.handlers.explain(
      { model: model(), image: image(), spec },
      quiet,
    )
    expect(result.region).toEqual({ x: 0, y: 0, width: 2, height: 3 })
    expect(result.shape).toEqual([3, 3, 2])
    expect(relevance).toHaveLength(18)
    expect(result.conventions.map(({ name }) => name)).toContain('padding')
  })

  it('turns channels-last relevance into channels first', async () => {
    const rgb = Uint8Array.from({ length: 48 }, (_, i) => i)
    await writeFile(path('i.png'), encodePng(4, 4, rgb))
    const card = makeCard({}, { layout: 'NHWC', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] })
    const nhwc = createEngine(fakeCompiler([4, 4, 3]).compiler)
    const { relevance } = await nhwc.handlers.explain(
      { model: model(card), image: image(), spec },
      quiet,
    )
    expect(Array.from(relevance.subarray(0, 4))).toEqual([0, 3, 6, 9])
    expect(relevance[16]).toBe(1)
  })

  it('refuses a model or an image that changed since the session was made', async () => {
    await writeFile(path('m.onnx'), 'another model')
    await expect(
      engine.handlers.predict({ model: model(), image: image(), scope }, quiet),
    ).rejects.toMatchObject({ code: 'invalid-model', message: expect.stringMatching(/changed/) })
    await writeFile(path('m.onnx'), 'model')
    const recorded = await inspectImage(engine, path('i.png'))
    await writeImage(8, 6, 17)
    await expect(
      engine.handlers.predict(
        { model: model(), image: { path: path('i.png'), sha256: recorded.sha256 }, scope },
        quiet,
      ),
    ).rejects.toMatchObject({ code: 'invalid-image', message: expect.stringMatching(/changed/) })
  })

  it('refuses a card that contradicts the graph before anything is compiled', async () => {
    const card = makeCard({ labels: ['one'] })
    await expect(
      engine.handlers.predict({ model: model(card), image: image(), scope }, quiet),
    ).rejects.toMatchObject({ code: 'invalid-card' })
    expect(log).toEqual([])
  })

  it('refuses an operator without a rule before anything runs', async () => {
    const fake = fakeCompiler()
    const refusing = createEngine({
      ...fake.compiler,
      createExplainer: () =>
        Promise.reject(new AppError('unsupported-operator', 'Node “x” cannot be explained.')),
    })
    await expect(
      refusing.handlers.explain({ model: model(), image: image(), spec }, quiet),
    ).rejects.toMatchObject({ code: 'unsupported-operator' })
    expect(fake.log).toEqual([])
  })

  it('refuses a class that is not there', async () => {
    const wrong = { ...spec, target: { kind: 'class', index: 2 } } as const
    await expect(
      engine.handlers.explain({ model: model(), image: image(), spec: wrong }, quiet),
    ).rejects.toMatchObject({ code: 'invalid-input' })
  })

  it('makes a thumbnail of the size asked for', async () => {
    await writeImage(64, 32)
    const { thumbnail, width, height } = await engine.handlers.inspectImage(
      { path: path('i.png'), thumbnailSize: 16 },
      quiet,
    )
    expect([width, height]).toEqual([64, 32])
    expect(decodePng(thumbnail, 'thumbnail')).toMatchObject({ width: 16, height: 8 })
  })

  it('proposes a card where there is none, and finds the one that lies beside the model', async () => {
    const proposed = await engine.handlers.inspectModel({ path: path('m.onnx') }, quiet)
    expect(proposed).toMatchObject({ origin: 'proposed', card: { labels: ['class 0', 'class 1'] } })
    expect(proposed.doubts.length).toBeGreaterThan(0)
    const text = JSON.stringify(makeCard())
    await writeFile(path('m.card.json'), text)
    const found = await engine.handlers.inspectModel({ path: path('m.onnx') }, quiet)
    expect(found).toMatchObject({ origin: 'found', cardSha256: sha256Of(text), doubts: [] })
  })
})

describe('a model with several outputs', () => {
  const real = createEngine(onnxCompiler)
  afterAll(() => real.release())

  it('proposes a card for the one that is asked for', async () => {
    const bytes = twoOutputs()
    await writeFile(path('m.onnx'), bytes)
    const asked = { path: path('m.onnx') }
    const first = await real.handlers.inspectModel(asked, quiet)
    expect(first.classOutputs).toEqual(['two', 'three'])
    expect(first.card).toMatchObject({ output: { name: 'two' }, labels: ['class 0', 'class 1'] })
    const other = await real.handlers.inspectModel({ ...asked, output: 'three' }, quiet)
    expect(other.card).toMatchObject({ output: { name: 'three' } })
    expect(other.card.labels).toHaveLength(3)
    await writeImage(28, 28)
    const named = { ...model(modelCardSchema.parse(other.card)), sha256: sha256Of(bytes) }
    const { logits } = await real.handlers.predict({ model: named, image: image(), scope }, quiet)
    expect(logits).toHaveLength(3)
  })
})

describe('bad models', () => {
  const real = createEngine(onnxCompiler)
  afterAll(() => real.release())

  it.each([
    ['a text file', 'this is text'],
    ['an empty file', ''],
    ['a picture', '\x89PNG\r\n\x1a\n'],
  ])('refuses %s called .onnx in one sentence', async (_name, content) => {
    await writeFile(path('m.onnx'), content, 'latin1')
    await expect(real.handlers.inspectModel({ path: path('m.onnx') }, quiet)).rejects.toMatchObject(
      { code: 'invalid-model', message: expect.stringMatching(/\.$/) },
    )
  })

  it('refuses a card of another model', async () => {
    await copyFile(join(samples, 'mnist', 'mnist_lenet.onnx'), path('m.onnx'))
    await copyFile(join(samples, 'mnist', 'mnist_mlp_tanh.card.json'), path('m.card.json'))
    await expect(real.handlers.inspectModel({ path: path('m.onnx') }, quiet)).rejects.toMatchObject(
      { code: 'invalid-card', message: expect.stringMatching(/sha256/) },
    )
  })
})
