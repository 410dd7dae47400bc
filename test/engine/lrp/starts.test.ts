import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createExplainer, createStartsExplainer } from '../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../src/engine/lrp/explainerTypes'
import { summariseLedger } from '../../../src/engine/lrp/ledger'
import type { MethodName } from '../../../src/shared/explanation/method'
import { noise } from './support/smallNetwork'

const models = ['lenet_maxpool', 'mobilenet_tiny', 'oddconv', 'resnet_bottleneck_tiny', 'smooth_acts', 'vit_tiny'] // prettier-ignore
const methods: readonly MethodName[] = ['zero', 'epsilon-plus-flat', 'epsilon-alpha2-beta1', 'epsilon-gamma-box', 'attn-lrp', 'excitation-backprop', 'gradient'] // prettier-ignore

const starts = 3

function relativeL2(a: Float32Array, b: Float32Array): number {
  let difference = 0
  let size = 0
  for (const [at, value] of a.entries()) {
    difference += (value - (b[at] ?? NaN)) ** 2
    size += (b[at] ?? NaN) ** 2
  }
  return Math.sqrt(difference / size)
}

describe.each(models)('%s', (model) => {
  const bytes = readFileSync(`test/fixtures/goldens/${model}/model.onnx`)

  const suitable = methods.filter(
    (method) => model !== 'vit_tiny' || method !== 'epsilon-gamma-box',
  )

  test.each(suitable)('%s: several classes in one run are what each is alone', async (method) => {
    const parameters = method === 'epsilon-gamma-box' ? { low: -3, high: 3 } : {}
    const options: ExplainerOptions = { method, parameters, start: 'logit', batch: 1 }
    const one = await createExplainer(bytes, options)
    const several = await createStartsExplainer(bytes, options, starts)
    const { classCount, inputShape } = one
    const input = noise(
      7,
      inputShape.reduce((product, size) => product * size, 1),
    )
    // Classes 0 and 1, and class 2 held against class 0.
    const masks = new Float32Array(starts * classCount)
    masks[0] = 1
    masks[classCount + 1] = 1
    masks[2 * classCount + 2] = 1
    masks[2 * classCount] = -1
    const together = await several.run(input, masks)
    expect(together).toHaveLength(starts)
    for (const [at, explained] of together.entries()) {
      const mask = masks.slice(at * classCount, (at + 1) * classCount)
      const alone = await one.run(input, mask)
      expect(explained.relevance.some((value) => value !== 0)).toBe(true)
      expect(relativeL2(explained.relevance, alone.relevance)).toBeLessThan(2e-5)
      expect(explained.startRelevance[0]).toBeCloseTo(alone.startRelevance[0] ?? NaN, 5)
      if (!alone.ledger) continue
      expect(summariseLedger(explained.ledger ?? []).balanced).toBe(true)
      expect(explained.ledger?.map(({ node }) => node)).toEqual(
        alone.ledger.map(({ node }) => node),
      )
    }
    await one.release()
    await several.release()
  })
})

test('convolutional networks share one run, and so say', async () => {
  const bytes = readFileSync('test/fixtures/goldens/resnet_basic_tiny/model.onnx')
  const options: ExplainerOptions = { method: 'epsilon-plus-flat', parameters: {}, start: 'logit', batch: 1 } // prettier-ignore
  const several = await createStartsExplainer(bytes, options, starts)
  expect(several.shared).toBe(true)
  await several.release()
})
