import { afterAll, expect, test } from 'vitest'
import { modelCardSchema } from '../../../src/shared/card'
import { createAnalysis } from '../../../src/engine/analysis'
import type { Subject } from '../../../src/engine/inference/subject'
import { onnxCompiler } from '../../../src/engine/compiler'
import { sha256Of } from '../../../src/engine/files'
import { choicesOf } from '../../../src/engine/inference/inspect'
import { inputBounds } from '../../../src/engine/inference/preprocess'
import { sampleImage } from '../../../src/engine/inference/sampling'
import type { Compiler } from '../../../src/engine/inference/compiler'
import { modelFileOf } from '../support/modelFile'
import { SmallNetwork } from '../lrp/support/smallNetwork'

/**
 * A grey tile of 2×2 pixels, weights 1, 2, 3, 4 for “yes” and their negatives for “no”, no bias: by
 * LRP-0 the relevance of a pixel is its input times its weight.
 */
const net = new SmallNetwork([1, 2, 2])
const weights = net.floats('w', [4, 2], [1, -1, 2, -2, 3, -3, 4, -4])
const bytes = net.finish(net.node('Gemm', [net.node('Flatten', ['input']), weights]))

const card = modelCardSchema.parse({
  name: 'by hand',
  version: '1',
  labels: ['yes', 'no'],
  input: {
    name: 'input',
    width: 2,
    height: 2,
    layout: 'NCHW',
    channels: 'GRAY',
    scale: 1 / 255,
    mean: [0.2],
    std: [0.4],
  },
  output: { name: 'Gemm_1_out', kind: 'logits' },
  fit: 'tile',
  stride: 1,
})

/** 3×2 pixels: 0, 51, 102 above 153, 204, 255, which (v/255 − 0.2)/0.4 makes −½, 0, ½ above 1, 1½, 2. */
const grey = [0, 51, 102, 153, 204, 255]
const image = { width: 3, height: 2, rgb: Uint8Array.from(grey.flatMap((v) => [v, v, v])) }
const scope = { kind: 'whole' } as const

const subject: Subject = {
  model: modelFileOf('hand.onnx', bytes),
  name: card.name,
  version: card.version,
  cardSha256: null,
  labels: card.labels,
  bounds: inputBounds(card.input),
  sampling: sampleImage(image, card, scope),
  choices: choicesOf(card),
  input: { sha256: sha256Of(image.rgb), width: 3, height: 2 },
  key: '',
}

const spec = { method: 'zero', parameters: {}, target: { kind: 'class', index: 0 }, start: 'logit', scope } as const // prettier-ignore

const analysis = createAnalysis(onnxCompiler)
afterAll(() => analysis.release())

test('pixels, tiles and their mean', async () => {
  const { relevance, result } = await analysis.explain(subject, spec, () => undefined)
  // Left tile −½, 0 / 1, 1½: relevance −½, 0 / 3, 6, logit 8½. Right tile 0, ½ / 1½, 2: 0, 1 / 4½, 8, 13½.
  // The middle column lies under both tiles: (0 + 0)/2 above (6 + 4½)/2.
  const expected = [-0.5, 0, 1, 3, 5.25, 8]
  for (const [pixel, value] of expected.entries()) expect(relevance[pixel]).toBeCloseTo(value, 5)
  expect(result.prediction.logits[0]).toBeCloseTo(11, 5)
  expect(result.prediction.logits[1]).toBeCloseTo(-11, 5)
  expect(result.startRelevance).toBeCloseTo(11, 5)
  expect(result.sumRelevance).toBeCloseTo(16.75, 5)
  // The means over two tiles: what the layer was given is the mean logit, all of which it passed on.
  expect(result.ledger?.entries[0]?.relevanceOut).toBeCloseTo(11, 5)
  expect(result.ledger?.entries[0]?.relevanceIn).toBeCloseTo(11, 5)
})

test('an explanation whose logits are not the model’s is not shown', async () => {
  const other = new SmallNetwork([1, 2, 2])
  const wrong = other.floats('w', [4, 2], [1, -1, 2, -2, 3, -3, 4.1, -4])
  const spoilt = other.finish(other.node('Gemm', [other.node('Flatten', ['input']), wrong]))
  const compiler: Compiler = {
    ...onnxCompiler,
    createExplainer: (_bytes, options) => onnxCompiler.createExplainer(spoilt, options),
  }
  const spoiltAnalysis = createAnalysis(compiler)
  const explained = spoiltAnalysis.explain(subject, spec, () => undefined)
  await expect(explained).rejects.toMatchObject({ code: 'internal' })
  await spoiltAnalysis.release()
})
