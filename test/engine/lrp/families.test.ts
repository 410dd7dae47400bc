import { describe, expect, test } from 'vitest'
import { readModel } from '../../../src/engine/onnx/read'
import { floatData, floatFeed, openSession } from '../../../src/engine/onnx/runtime'
import { cases, type Case } from './families/cases'
import { picture } from './families/pictures'

const named = cases.map((each) => [`${each.family}: ${each.style}`, each] as const)

function pictureFor({ pixels }: Case, bytes: Uint8Array, seed: number) {
  const [input] = readModel(bytes).graph.inputs
  const dims = (input?.dims ?? []).map((size) => size ?? 1)
  const values = picture(seed, dims, dims.at(-1) === 3)
  if (pixels === 'normalised') return { dims, values }
  return { dims, values: values.map((value) => Math.min(255, Math.max(0, 127 + 60 * value))) }
}

/** What the file says with no optimisation of ONNX Runtime on; probabilities as their logarithms. */
async function runRaw(of: Case, bytes: Uint8Array, seed: number): Promise<Float32Array> {
  const { dims, values } = pictureFor(of, bytes, seed)
  const session = await openSession(bytes, 'disabled')
  const [output] = Object.values(await session.run({ input: floatFeed(values, dims) }))
  await session.release()
  const scores = floatData(output)
  return endsInSoftmax(bytes) ? scores.map(Math.log) : scores
}

function endsInSoftmax(bytes: Uint8Array): boolean {
  return readModel(bytes).graph.nodes.at(-1)?.operator === 'Softmax'
}

describe.each(named)('%s', (_, of) => {
  test('is a classifier that tells classes and pictures apart', async () => {
    const bytes = of.build()
    const [one, other] = [await runRaw(of, bytes, 1), await runRaw(of, bytes, 2)]
    expect(one).toHaveLength(5)
    const largest = Math.max(...Array.from(one, Math.abs))
    expect(largest).toBeGreaterThan(0.05)
    expect(largest).toBeLessThan(50)
    const spread = Math.max(...one) - Math.min(...one)
    expect(spread / largest).toBeGreaterThan(0.1)
    const moved = Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? NaN))))
    expect(moved / largest).toBeGreaterThan(0.02)
  })
})
