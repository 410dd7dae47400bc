import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { onnxCompiler } from '../../../src/engine/compiler'
import { createEngine } from '../../../src/engine/service'
import { pixelRelevance } from '../../../src/shared/colour/heatmap'
import { inspectModel } from '../support/inspect'
import { externalData } from '../support/paths'

const net = externalData('imagenet-squeezenet')
const photos = externalData('photos')
const engine = createEngine(onnxCompiler)
const quiet = { progress: () => {} }
afterAll(() => engine.release())

async function squeezenet(file = 'squeezenet_v1.0_caffe.onnx') {
  const path = join(net.path, file)
  const { card, sha256 } = await inspectModel(engine, path)
  const labels = z
    .array(z.string())
    .parse(JSON.parse(readFileSync(join(net.path, 'imagenet1000_labels.json'), 'utf8')))
  const input = {
    ...card.input,
    channels: 'BGR' as const,
    scale: 1,
    mean: [104, 117, 123],
    std: [1, 1, 1],
  }
  return { path, sha256, cardSha256: null, card: { ...card, labels, input } }
}

describe.skipIf(net.missing || photos.missing)(`SqueezeNet${net.note || photos.note}`, () => {
  it.each(['squeezenet_v1.0_caffe.onnx', 'squeezenet_v1.0_caffe_codebook.onnx'])(
    '%s gives the recorded top-5 of every photo',
    async (file) => {
      const golden = z
        .array(
          z.object({
            file: z.string(),
            top5: z.array(z.object({ index: z.number(), logit: z.number(), prob: z.number() })),
          }),
        )
        .parse(JSON.parse(readFileSync(join(net.path, 'golden_top5.json'), 'utf8')))
      const model = await squeezenet(file)
      for (const { file: photo, top5 } of golden) {
        const image = { path: join(photos.path, '..', photo), sha256: null }
        const { top } = await engine.handlers.predict(
          { model, image, scope: { kind: 'whole' } },
          quiet,
        )
        expect(top.map(({ index }) => index)).toEqual(top5.map(({ index }) => index))
        for (const [i, { logit, prob }] of top5.entries()) {
          expect(top[i]?.logit).toBeCloseTo(logit, 3)
          expect(top[i]?.probability).toBeCloseTo(prob, 4)
        }
      }
    },
  )

  it('says espresso, and most positive relevance lies on the cup', async () => {
    const model = await squeezenet()
    const image = { path: join(photos.path, 'coffee.png'), sha256: null }
    const { result, relevance } = await engine.handlers.explain(
      {
        model,
        image,
        spec: {
          method: 'epsilon-plus-flat',
          parameters: {},
          target: { kind: 'top' },
          start: 'logit',
          scope: { kind: 'whole' },
        },
      },
      quiet,
    )
    expect(result.explained.label).toBe('espresso')
    expect(result.ledger?.balanced).toBe(true)
    // The cup fills an ellipse of the photo: centre (0.48, 0.38), half axes (0.21, 0.34).
    const map = pixelRelevance(relevance, result.shape)
    let inside = 0
    let all = 0
    for (const [i, value] of map.values.entries()) {
      if (value <= 0) continue
      const x = ((i % map.width) + 0.5) / map.width - 0.48
      const y = (Math.floor(i / map.width) + 0.5) / map.height - 0.38
      all += value
      if ((x / 0.21) ** 2 + (y / 0.34) ** 2 <= 1) inside += value
    }
    // The ellipse is 22 % of the picture and holds most of the evidence.
    expect(inside / all).toBeGreaterThan(0.5)
  })
})
