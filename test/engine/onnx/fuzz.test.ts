import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../../../src/engine/onnx/read'
import type { MethodName } from '../../../src/shared/explanation/method'
import { buildEntry } from '../support/buildEntry'
import { goldens, repository, samples } from '../support/paths'
import { Fuzzer } from './support/fuzzer'
import { mutate } from './support/mutate'
import { Random } from './support/random'

const formats = join(repository, 'test', 'fixtures', 'formats')
const files = [
  ...['mobilenet_tiny', 'lenet_maxpool', 'oddconv', 'smooth_acts', 'vit_tiny'].map((name) =>
    join(goldens, name, name === 'oddconv' ? 'model_rawexport.onnx' : 'model.onnx'),
  ),
  ...readdirSync(formats)
    .filter((name) => name.endsWith('.onnx'))
    .toSorted()
    .map((name) => join(formats, name)),
  join(samples, 'ihc', 'ihc-dab.onnx'),
]
const methods: readonly [MethodName, ...MethodName[]] = [
  'epsilon-plus-flat',
  'epsilon-gamma-box',
  'epsilon-alpha2-beta1',
  'excitation-backprop',
  'gradient',
]

/** Milliseconds; a case takes some twenty, and what it asks for may be large. */
const limit = 10_000
const cases = 360

let fuzzer: Fuzzer
let entry = ''
beforeAll(async () => {
  entry = await buildEntry('test/engine/onnx/support/fuzzChild.ts', 'fuzz')
  fuzzer = new Fuzzer(entry, limit)
}, 60_000)
afterAll(async () => {
  fuzzer.stop()
  await rm(dirname(entry), { recursive: true })
})

function sampleShapeOf(bytes: Uint8Array): number[] {
  const [input] = readModel(bytes).graph.inputs
  return (input?.dims ?? []).slice(1).map((size, axis) => size ?? (axis === 0 ? 3 : 16))
}

describe('a file with faults ends in one sentence or a proper result: never a crash, never for ever', () => {
  test('and the files themselves in results', async () => {
    for (const file of files) {
      const bytes = readFileSync(file)
      const sampleShape = sampleShapeOf(bytes)
      const end = await fuzzer.run({ bytes, method: 'gradient', sampleShape })
      expect(end, basename(file)).toEqual({
        ends: [
          { of: 'inspect', end: expect.stringMatching(/nodes$/), proper: true },
          { of: 'classify', end: expect.stringMatching(/logits$/), proper: true },
          { of: 'explain', end: expect.stringMatching(/numbers$/), proper: true },
        ],
      })
    }
  }, 60_000)

  test(`${cases} of them`, async () => {
    const tally = new Map<string, number>()
    for (let seed = 1; seed <= cases; seed++) {
      const random = new Random(seed)
      const file = random.oneOf(files) ?? ''
      const good = readFileSync(file)
      const { bytes, what } = mutate(good, random)
      const method = random.pick(methods)
      const end = await fuzzer.run({ bytes, method, sampleShape: sampleShapeOf(good) })
      const about = `seed ${seed}, ${basename(file)}, ${what}, ${method}`
      expect(end, about).not.toBeTypeOf('string')
      if (typeof end === 'string') continue
      expect(
        end.ends.filter(({ proper }) => !proper),
        about,
      ).toEqual([])
      for (const { of, end: how } of end.ends) {
        const kind = `${of}: ${/^[a-z-]+: /.test(how) ? 'refused' : 'done'}`
        tally.set(kind, (tally.get(kind) ?? 0) + 1)
      }
    }
    // Faults that nothing notices, or that everything refuses, would test little.
    for (const kind of ['explain: done', 'explain: refused', 'classify: done', 'inspect: done'])
      expect(tally.get(kind), kind).toBeGreaterThan(cases / 12)
  }, 240_000)
})
