import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MethodName } from '../../../src/shared/explanation/method'
import { createExplainer, summariseLedger } from '../../../src/engine/lrp/explainer'
import { AppError } from '../../../src/shared/errors'
import { externalData } from '../support/paths'

const squeezenet = externalData('imagenet-squeezenet')
const photos = externalData('photos')
const light = externalData('onnx-light')

const methods: readonly MethodName[] = [
  'epsilon-plus-flat',
  'epsilon-plus',
  'epsilon-gamma-box',
  'epsilon-alpha2-beta1-flat',
]

/** BGR in 0…255 minus the mean, as SqueezeNet's preprocess.json says. */
function squeezenetInput(png: Uint8Array): Float32Array {
  const { data, channels, width, height } = decode(png)
  const mean = [104, 117, 123]
  const input = new Float32Array(3 * width * height)
  for (let c = 0; c < 3; c++) {
    for (let p = 0; p < width * height; p++) {
      input[c * width * height + p] = (data[p * channels + 2 - c] ?? 0) - (mean[c] ?? 0)
    }
  }
  return input
}

async function explainCoffee(file: string, method: MethodName) {
  const explainer = await createExplainer(readFileSync(join(squeezenet.path, file)), {
    method,
    parameters: { low: [-104, -117, -123], high: [151, 138, 132] },
    start: 'logit',
    batch: 1,
  })
  const input = squeezenetInput(readFileSync(join(photos.path, '227', 'coffee_227.png')))
  const mask = new Float32Array(explainer.classCount)
  mask[967] = 1
  const result = await explainer.run(input, mask)
  await explainer.release()
  return result
}

describe.skipIf(squeezenet.missing || photos.missing)(
  `SqueezeNet on a cup of coffee${squeezenet.note}`,
  () => {
    test('says espresso', async () => {
      const { logits } = await explainCoffee('squeezenet_v1.0_caffe.onnx', 'epsilon-plus-flat')
      const golden = z
        .array(
          z.object({
            file: z.string(),
            top5: z.array(z.object({ index: z.number(), logit: z.number() })),
          }),
        )
        .parse(JSON.parse(readFileSync(join(squeezenet.path, 'golden_top5.json'), 'utf8')))
        .find(({ file }) => file.includes('coffee'))
      expect(logits.indexOf(Math.max(...logits))).toBe(967)
      for (const { index, logit } of golden?.top5 ?? []) expect(logits[index]).toBeCloseTo(logit, 3)
    })

    test('the positive relevance lies mostly on the cup, which fills 28 % of the picture', async () => {
      const { relevance } = await explainCoffee('squeezenet_v1.0_caffe.onnx', 'epsilon-plus-flat')
      let inside = 0
      let total = 0
      for (const [at, value] of relevance.entries()) {
        const x = at % 227
        const y = Math.floor(at / 227) % 227
        const positive = Math.max(value, 0)
        total += positive
        if (x >= 64 && x < 158 && y >= 10 && y < 165) inside += positive
      }
      expect(inside / total).toBeGreaterThan(0.5)
    })

    test.each(methods)('%s balances at every layer', async (method) => {
      const { ledger } = await explainCoffee('squeezenet_v1.0_caffe.onnx', method)
      const summary = summariseLedger(ledger ?? [])
      expect(summary.entries.length).toBeGreaterThan(26)
      expect(summary.balanced).toBe(true)
    })

    test('weights from Cast and Gather give the same relevance to the bit', async () => {
      const plain = await explainCoffee('squeezenet_v1.0_caffe.onnx', 'epsilon-plus-flat')
      const codebook = await explainCoffee(
        'squeezenet_v1.0_caffe_codebook.onnx',
        'epsilon-plus-flat',
      )
      expect(codebook.relevance).toEqual(plain.relevance)
    })
  },
)

describe.skipIf(light.missing)(`graphs of the ONNX zoo with constant weights${light.note}`, () => {
  const covered = [
    'light_squeezenet',
    'light_resnet50',
    'light_shufflenet',
    'light_densenet121',
    'light_inception_v2',
  ]
  test.each(covered)('%s is explained, and balances', { timeout: 120_000 }, async (name) => {
    const explainer = await createExplainer(readFileSync(join(light.path, `${name}.onnx`)), {
      method: 'epsilon-plus-flat',
      parameters: {},
      start: 'unit',
      batch: 1,
    })
    const input = new Float32Array(3 * 224 * 224).map((_, i) => 1 + Math.sin(i))
    const mask = new Float32Array(explainer.classCount)
    mask[3] = 1
    const result = await explainer.run(input, mask)
    await explainer.release()
    expect(result.logits).toHaveLength(1000)
    expect(summariseLedger(result.ledger ?? []).balanced).toBe(true)
  })

  test.each(['light_bvlc_alexnet', 'light_inception_v1', 'light_zfnet512'])(
    '%s is refused by its LRN',
    async (name) => {
      const path = join(light.path, `${name}.onnx`)
      expect(existsSync(path)).toBe(true)
      const refused = createExplainer(readFileSync(path), {
        method: 'epsilon-plus-flat',
        parameters: {},
        start: 'unit',
        batch: 1,
      })
      await expect(refused).rejects.toThrow(AppError)
      await expect(refused).rejects.toThrow(/LRN/)
    },
  )
})
