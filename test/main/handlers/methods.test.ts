import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { onnxCompiler } from '../../../src/engine/compiler'
import { createEngine } from '../../../src/engine/service'
import { createFileTokens } from '../../../src/main/files/tokens'
import { createHandlers } from '../../../src/main/handlers'
import type { Handlers } from '../../../src/main/ipc/answer'
import { createJobs } from '../../../src/main/jobs'
import { resourcesIn } from '../../../src/main/resources'
import { AppError } from '../../../src/shared/errors'
import { standIns } from '../../../src/shared/explanation/standIns'
import { jobIdSchema } from '../../../src/shared/ipc/contract'
import type { EngineMethods } from '../../../src/shared/ipc/engine'
import type { Store } from '../../../src/store'
import { quotientModel, quotientNode } from '../../engine/support/quotientModel'
import { open, temporaryFolder } from '../../store/support'
import { inProcess } from '../support/inProcess'
import { unusedServices } from '../support/services'

/* What main adds to methods: composite files, models with a missing rule, the kind of network. */

const resources = resourcesIn(process.cwd())
const digit = join(resources.samples, 'mnist/digits/4-0.png')
const newJob = () => jobIdSchema.parse(randomUUID())

let folder = ''
let store: Store
let release: () => Promise<void>
let handlers: Handlers
let chosen = ''

beforeEach(() => {
  folder = temporaryFolder()
  store = open(join(folder, 'data')).store
  const real = createEngine(onnxCompiler)
  release = real.release
  handlers = createHandlers(
    unusedServices({
      resources,
      store: () => store,
      engine: inProcess<EngineMethods>(real.handlers),
      files: createFileTokens(randomUUID),
      jobs: createJobs(() => undefined),
      dialogs: {
        chooseModel: () => Promise.resolve(chosen),
        chooseComposite: () => Promise.resolve(chosen === '' ? null : chosen),
        chooseImages: () => Promise.resolve([chosen]),
        chooseFolder: () => Promise.resolve(null),
        saveReport: () => Promise.resolve(null),
      },
      newId: randomUUID,
    }),
  )
  chosen = ''
})
afterEach(async () => {
  await release()
  store.close()
  rmSync(folder, { recursive: true })
})

/** A model as the new-session screen sees it, and the function that makes a session of it and a digit. */
async function model(path: string) {
  chosen = path
  const file = await handlers['files.chooseModel'](undefined)
  if (!file) throw new Error('no model')
  const inspection = await handlers['models.inspect']({ token: file.token })
  chosen = digit
  const images = await handlers['files.chooseImages'](undefined)
  const create = (missing?: 'gradient') =>
    handlers['sessions.create']({
      jobId: newJob(),
      name: 'A session',
      model: file.token,
      card: inspection.card,
      images: images.map(({ token }) => token),
      ...(missing ? { missing } : {}),
    })
  return { inspection, create }
}

it('a composite is read; a file that is none is refused by the place', async () => {
  expect(await handlers['files.chooseComposite'](undefined)).toBeNull()
  chosen = join(process.cwd(), 'assets/composites/alpha2-beta1-flat.json')
  const composite = await handlers['files.chooseComposite'](undefined)
  expect(composite?.layers).toHaveLength(3)

  const refused = async (name: string, content: string | Uint8Array) => {
    chosen = join(folder, name)
    writeFileSync(join(folder, name), content)
    return Promise.resolve(handlers['files.chooseComposite'](undefined)).then(
      () => 'read',
      (thrown: unknown) => AppError.from(thrown).toShape(),
    )
  }
  expect(await refused('a.json', '{"schema": "x"}')).toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('“a.json” is not a composite that can be used: schema'),
  })
  expect(await refused('b.json', '{')).toMatchObject({
    message: expect.stringMatching(/“b.json” is not JSON/),
  })
  expect(await refused('c.json', Uint8Array.of(0xff, 0xfe, 0x00))).toMatchObject({
    message: expect.stringMatching(/“c.json” is not a text in UTF-8/),
  })
  const long = `{"schema":"${'x'.repeat(2 ** 20)}"}`
  expect(await refused('d.json', long)).toMatchObject({
    message: expect.stringMatching(/“d.json” is larger than 1 MB/),
  })
  chosen = folder
  await expect(handlers['files.chooseComposite'](undefined)).rejects.toMatchObject({
    message: expect.stringMatching(/is not a file/),
  })
})

it('a session knows what kind of network its model is', async () => {
  const { create } = await model(join(resources.samples, 'mnist/mnist_lenet.onnx'))
  const { session } = await create()
  expect(await handlers['sessions.traits']({ id: session.id })).toEqual({
    family: 'convolutional',
    localNormalisation: false,
  })
})

it('a model with a missing rule is taken only where the gradient is asked for', async () => {
  const path = join(folder, 'quotient.onnx')
  writeFileSync(path, quotientModel())
  const { inspection, create } = await model(path)
  expect(inspection.coverage.supported).toBe(false)
  expect(inspection.byGradient?.supported).toBe(true)
  expect(inspection.byGradient?.nodes).toContainEqual(
    expect.objectContaining({ node: quotientNode, kind: 'gradient' }),
  )
  // Counted by a run: the file does not state them.
  expect(inspection.card.labels).toHaveLength(3)
  await expect(create()).rejects.toMatchObject({
    code: 'unsupported-operator',
    message: expect.stringContaining(quotientNode),
  })
  const { session } = await create('gradient')
  expect(session.view.missing).toBe('gradient')
  // It survives the end of the program.
  expect(store.sessions.open(session.id).view.missing).toBe('gradient')
  const [image] = session.images
  if (!image) throw new Error('no image')
  const { result } = await handlers['analysis.explain']({
    jobId: newJob(),
    imageId: image.id,
    spec: {
      ...{ method: 'epsilon-plus-flat', parameters: {}, missing: 'gradient' },
      ...{ target: { kind: 'top' }, start: 'logit', scope: { kind: 'whole' } },
    },
  })
  expect(standIns(result.ledger).map(({ node }) => node)).toEqual([quotientNode])
})
