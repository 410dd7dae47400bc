import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writer } from 'protobufjs/minimal.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClassifier, createExplainer } from '../../../src/engine/lrp/explainer'
import { createFileCache } from '../../../src/engine/inference/fileCache'
import { readModel } from '../../../src/engine/inference/modelFile'
import { readModel as readOnnx } from '../../../src/engine/onnx/read'
import { sha256Of } from '../../../src/engine/files'
import { handModel, node, tensor } from '../onnx/support/handModel'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-model-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (name: string): string => join(folder, name)

/** w and v as four float32 each. */
const weights = (w: readonly number[], v: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from([...w, ...v]).buffer)

type Entries = Readonly<Record<string, string>>

/** Fields of a TensorProto: dims 1, data_type 2, name 8, external_data 13, data_location 14. */
function externalTensor(name: string, entries: Entries): Uint8Array {
  const writer = Writer.create()
  writer.uint32(1 << 3).int64(2).uint32(1 << 3).int64(2) // prettier-ignore
  writer.uint32(2 << 3).int32(1).uint32((8 << 3) | 2).string(name) // prettier-ignore
  for (const [key, value] of Object.entries(entries)) {
    writer.uint32((13 << 3) | 2).fork()
    writer.uint32((1 << 3) | 2).string(key).uint32((2 << 3) | 2).string(value) // prettier-ignore
    writer.ldelim()
  }
  return writer.uint32(14 << 3).int32(1).finish() // prettier-ignore
}

/**
 * y = (x W) V with W and V outside: a model whose graph has them appended as initializers (field 5), which
 * protocol buffers allow by writing the graph (field 7) a second time; so the two are merged by hand.
 */
function modelWithout(w: Entries, v: Entries): Uint8Array {
  const inside = handModel({
    dims: [1, 2],
    nodes: [node('Gemm', ['x', 'w'], 'h'), node('Gemm', ['h', 'v'], 'y')],
    tensors: [tensor('w', [2, 2], [0, 0, 0, 0]), tensor('v', [2, 2], [0, 0, 0, 0])],
  })
  let bytes = inside
  for (const [name, entries] of [
    ['w', w],
    ['v', v],
  ] as const)
    // prettier-ignore
    bytes = withInitializer(bytes, name, externalTensor(name, entries))
  return bytes
}

/** The model with one initializer replaced; lengths of graph and tensor are written anew. */
function withInitializer(model: Uint8Array, name: string, by: Uint8Array): Uint8Array {
  const fields = (bytes: Uint8Array): { tag: number; bytes: Uint8Array; body: Uint8Array }[] => {
    const found = []
    let at = 0
    const varint = (): number => {
      let value = 0
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++] ?? 0
        value += (byte & 127) * 2 ** shift
        if (byte < 128) return value
      }
    }
    while (at < bytes.length) {
      const start = at
      const tag = varint()
      let body: Uint8Array = new Uint8Array()
      if ((tag & 7) === 2) {
        const length = varint()
        body = bytes.subarray(at, at + length)
        at += length
      } else varint()
      found.push({ tag, bytes: bytes.subarray(start, at), body })
    }
    return found
  }
  const message = (tag: number, parts: readonly Uint8Array[]): Uint8Array =>
    Writer.create().uint32(tag).bytes(Buffer.concat(parts)).finish()
  const isNamed = (body: Uint8Array): boolean =>
    fields(body).some((field) => field.tag === ((8 << 3) | 2) && Buffer.from(field.body).toString() === name) // prettier-ignore
  return Buffer.concat(
    fields(model).map((field) =>
      field.tag === ((7 << 3) | 2)
        ? message(
            field.tag,
            fields(field.body).map(
              (part) =>
              part.tag === ((5 << 3) | 2) && isNamed(part.body) ? message(part.tag, [by]) : part.bytes, // prettier-ignore
            ),
          )
        : field.bytes,
    ),
  )
}

const w = [1, 2, 3, 4]
const v = [1, 0, 0, 2]
const inOneFile = [
  { location: 'weights.bin', offset: '0', length: '16' },
  { location: 'weights.bin', offset: '16', length: '16' },
] as const

/** (1, 1) W V = (4, 6) V = (4, 12). */
async function expectToRun(): Promise<void> {
  const file = await readModel(path('model.onnx'))
  const classifier = await createClassifier(file, 1)
  expect(Array.from(await classifier.run(Float32Array.of(1, 1)))).toEqual([4, 12])
  await classifier.release()
  const options = { method: 'epsilon', parameters: {}, start: 'logit', batch: 1 } as const
  const explainer = await createExplainer(file, options)
  const { relevance } = await explainer.run(Float32Array.of(1, 1), Float32Array.of(1, 0))
  expect(Array.from(relevance)).toEqual([expect.closeTo(1, 4), expect.closeTo(3, 4)])
  await explainer.release()
}

describe('weights in other files', () => {
  test('one file for all, by offset and length, and the rest by the tensor’s own size', async () => {
    writeFileSync(path('model.onnx'), modelWithout(...inOneFile))
    writeFileSync(path('weights.bin'), weights(w, v))
    await expectToRun()
    writeFileSync(path('model.onnx'), modelWithout({ location: 'weights.bin' }, { location: 'weights.bin', offset: '16' })) // prettier-ignore
    await expectToRun()
  })

  test('a file for each, in a folder beside the model, at offsets that are not aligned', async () => {
    mkdirSync(path('parts'))
    writeFileSync(path('model.onnx'), modelWithout({ location: 'parts/w', offset: '3' }, { location: 'v' })) // prettier-ignore
    writeFileSync(path('parts/w'), Buffer.concat([Buffer.from('abc'), weights(w, [])]))
    writeFileSync(path('v'), weights([], v))
    await expectToRun()
  })

  test('a SHA-1 that the model states is checked', async () => {
    writeFileSync(path('weights.bin'), weights(w, v))
    const checksum = createHash('sha1').update(weights(w, v)).digest('hex')
    const [first, second] = inOneFile
    writeFileSync(path('model.onnx'), modelWithout({ ...first, checksum }, second))
    await expectToRun()
    writeFileSync(path('weights.bin'), weights(w, [1, 0, 0, 3]))
    await expect(readModel(path('model.onnx'))).rejects.toThrow(/“weights.bin”.*SHA-1/)
  })

  test('without the file beside it the model is refused, not half read', async () => {
    const bytes = modelWithout(...inOneFile)
    writeFileSync(path('model.onnx'), bytes)
    await expect(readModel(path('model.onnx'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('“weights.bin”'),
    })
    expect(() => readOnnx(bytes)).toThrow(/“w” lie in another file, “weights.bin”/)
  })
})

describe('the identity of a model', () => {
  const identity = async () => (await readModel(path('model.onnx'))).sha256

  test('of one file is the sha256 of its bytes', async () => {
    const bytes = handModel({ dims: [1, 2], nodes: [node('Relu', ['x'], 'y')], tensors: [] })
    writeFileSync(path('model.onnx'), bytes)
    expect(await identity()).toBe(sha256Of(bytes))
  })

  test('covers every file with weights, and is what sha256sum prints', async () => {
    writeFileSync(path('model.onnx'), modelWithout({ location: 'w' }, { location: 'v' }))
    writeFileSync(path('w'), weights(w, []))
    writeFileSync(path('v'), weights([], v))
    const first = await identity()
    const script = '(sha256sum < model.onnx; sha256sum v w) | sha256sum'
    const printed = execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })
    expect(printed.slice(0, 64)).toBe(first)
    writeFileSync(path('v'), weights([], [1, 0, 0, 2.5]))
    expect(await identity()).not.toBe(first)
  })

  test('a change of a file with weights is noticed by the cache', async () => {
    writeFileSync(path('model.onnx'), modelWithout(...inOneFile))
    writeFileSync(path('weights.bin'), weights(w, v))
    const cached = createFileCache(1, readModel, (model) => model.files)
    const first = await cached(path('model.onnx'))
    expect(await cached(path('model.onnx'))).toBe(first)
    writeFileSync(path('weights.bin'), weights(v, w))
    const second = await cached(path('model.onnx'))
    expect(second.sha256).not.toBe(first.sha256)
    rmSync(path('weights.bin'))
    await expect(cached(path('model.onnx'))).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a model that points where it must not', () => {
  const refused = async (entries: Entries, said: RegExp) => {
    writeFileSync(path('model.onnx'), modelWithout(entries, entries))
    await expect(readModel(path('model.onnx')).then(readOnnx)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(said),
    })
  }

  test.each([
    '../secret',
    'parts/../../secret',
    '/etc/hostname',
    'C:\\secret',
    '..\\secret',
    './weights.bin',
    'a//b',
    '',
    'weights.bin\0',
    'weights\n.bin',
  ])('%j', async (location) => {
    writeFileSync(path('weights.bin'), weights(w, v))
    await refused({ location }, /only files inside the model’s own folder/)
  })

  test('a link that leaves the folder', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'pixelwise-elsewhere-'))
    writeFileSync(join(elsewhere, 'secret'), weights(w, v))
    symlinkSync(join(elsewhere, 'secret'), path('weights.bin'))
    await refused({ location: 'weights.bin' }, /only files inside/)
    symlinkSync(elsewhere, path('parts'))
    await refused({ location: 'parts/secret' }, /only files inside/)
    rmSync(elsewhere, { recursive: true })
  })

  test('a link inside the folder is followed', async () => {
    writeFileSync(path('real.bin'), weights(w, v))
    symlinkSync(path('real.bin'), path('weights.bin'))
    writeFileSync(path('model.onnx'), modelWithout(...inOneFile))
    await expectToRun()
  })

  test('a folder, and what is no file at all', async () => {
    mkdirSync(path('weights.bin'))
    await refused({ location: 'weights.bin' }, /not a file/)
    rmSync(path('weights.bin'), { recursive: true })
    execFileSync('mkfifo', [path('weights.bin')])
    await refused({ location: 'weights.bin' }, /not a file/)
  })

  test.each<[string, Entries, RegExp]>([
    ['beyond the end', { offset: '20', length: '16' }, /“w” end at byte 36 of “weights.bin”, which has 32/], // prettier-ignore
    ['at a negative offset', { offset: '-4' }, /offset of the weights “w”/],
    ['at no number', { offset: '1e1' }, /offset of the weights “w”/],
    ['of another length', { length: '8' }, /“w” has 8 bytes where 16/],
    ['of a length beyond all numbers', { length: '99999999999999999999' }, /length of the weights/],
  ])('%s', async (_, entries, said) => {
    writeFileSync(path('weights.bin'), weights(w, v))
    await refused({ location: 'weights.bin', ...entries }, said)
  })

  test('more than 2 GB together', async () => {
    writeFileSync(path('weights.bin'), '')
    truncateSync(path('weights.bin'), 2 ** 31)
    await refused({ location: 'weights.bin' }, /more than 2 GB/)
  })
})
