import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { Reader } from 'protobufjs/minimal.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MethodName } from '../../../src/shared/explanation/method'
import {
  createClassifier,
  createExplainer,
  inspectGraph,
  summariseLedger,
} from '../../../src/engine/lrp/explainer'
import { readModel } from '../../../src/engine/onnx/read'
import { relativeL2 } from '../../support/npy'
import { externalData } from '../support/paths'
import { expectAccountsToAddUp } from './families/accounts'

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

interface Light {
  readonly bytes: Uint8Array
  readonly input: Float32Array
  readonly expected: Float32Array
}

/** The graph, the input that ONNX's own tests make up for it (i / n), and the output they expect. */
function lightGraph(name: string): Light {
  const bytes = readFileSync(join(light.path, `${name}.onnx`))
  const [image] = readModel(bytes).graph.inputs
  const count = (image?.dims ?? []).reduce<number>((product, size) => product * (size ?? 1), 1)
  return {
    bytes,
    input: Float32Array.from({ length: count }, (_, i) => i / count),
    expected: floatsOfTensorFile(readFileSync(join(light.path, `${name}_output_0.pb`))),
  }
}

/** The raw floats (field 9) of a TensorProto in a file of its own. */
function floatsOfTensorFile(bytes: Uint8Array): Float32Array {
  const reader = Reader.create(bytes)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 === 9) return new Float32Array(Uint8Array.from(reader.bytes()).buffer)
    reader.skipType(tag & 7)
  }
  throw new Error('the tensor has no raw data')
}

const largest = (values: Float32Array): number => Math.max(...Array.from(values, Math.abs))

function softmax(logits: Float32Array): Float32Array {
  const top = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

describe.skipIf(light.missing)(`graphs of the ONNX zoo with constant weights${light.note}`, () => {
  const names = [
    'light_bvlc_alexnet',
    'light_densenet121',
    'light_inception_v1',
    'light_inception_v2',
    'light_resnet50',
    'light_shufflenet',
    'light_squeezenet',
    'light_vgg19',
    'light_zfnet512',
  ]

  test.each(names)(
    '%s: logits as ONNX expects them, every account adds up',
    { timeout: 180_000 },
    async (name) => {
      const { bytes, input, expected } = lightGraph(name)
      const { coverage, logitsAreProbabilities } = await inspectGraph(bytes, 'epsilon-plus-flat')
      expect(coverage.supported).toBe(true)
      const explainer = await createExplainer(bytes, {
        method: 'epsilon-plus-flat',
        parameters: {},
        start: 'unit',
        batch: 1,
      })
      const mask = new Float32Array(explainer.classCount)
      mask[3] = 1
      const result = await explainer.run(input, mask)
      await explainer.release()
      const output = logitsAreProbabilities ? softmax(result.logits) : result.logits
      expect(output).toHaveLength(1000)
      const furthest = largest(output.map((value, at) => value - (expected[at] ?? NaN)))
      expect(furthest / largest(expected)).toBeLessThan(1e-5)
      expectAccountsToAddUp(result, 8)
    },
  )
})

interface Trained {
  readonly folder: string
  readonly file: string
  /** Pictures whose logits are written down, and the highest value of a pixel. */
  readonly list?: string
  readonly highest: 1 | 255
  readonly size: number
}

const trained: readonly Trained[] = [
  { folder: 'bccd-cells', file: 'bccd_cell96_bn', list: 'crops.json', highest: 1, size: 96 },
  { folder: 'bccd-cells', file: 'bccd_cell96_folded', list: 'crops.json', highest: 1, size: 96 },
  { folder: 'histology', file: 'he_skin_tile64_bn', list: 'tiles.json', highest: 1, size: 64 },
  { folder: 'histology', file: 'he_skin_tile64_folded', list: 'tiles.json', highest: 1, size: 64 },
  { folder: 'mlperf-tiny', file: 'cifar10_resnet8_bn', highest: 255, size: 32 },
  { folder: 'mlperf-tiny', file: 'cifar10_resnet8_folded', highest: 255, size: 32 },
  { folder: 'mlperf-tiny', file: 'vww_mobilenet_bn', highest: 1, size: 96 },
]

const pictureListSchema = z.array(
  z.object({ file: z.string(), label: z.string(), logits: z.array(z.number()) }),
)

/** The upper left corner of a PNG as [1, 3, size, size], RGB in 0…highest. */
function cropped(png: Uint8Array, size: number, highest: number): Float32Array {
  const { data, channels, width } = decode(png)
  const input = new Float32Array(3 * size * size)
  for (let at = 0; at < input.length; at++) {
    const [c, y, x] = [Math.floor(at / size ** 2), Math.floor(at / size) % size, at % size]
    input[at] = ((data[(y * width + x) * channels + c] ?? 0) * highest) / 255
  }
  return input
}

/** A picture for the network, with its logits where they are known. */
function exampleFor({ folder, list, highest, size }: Trained) {
  const path = externalData(folder).path
  if (list === undefined) {
    const png = readFileSync(join(photos.path, '227', 'coffee_227.png'))
    return { input: cropped(png, size, highest), logits: null }
  }
  const [first] = pictureListSchema.parse(JSON.parse(readFileSync(join(path, list), 'utf8')))
  if (!first) throw new Error(`${list} is empty`)
  return {
    input: cropped(readFileSync(join(path, first.file)), size, highest),
    logits: first.logits,
  }
}

const missing = photos.missing || trained.some(({ folder }) => externalData(folder).missing)
describe.skipIf(missing)(`trained classifiers${missing ? ' (skipped: not there)' : ''}`, () => {
  const perMethod = trained.flatMap((network) =>
    methods.map((method) => [network.file, method, network] as const),
  )
  test.each(perMethod)('%s by %s: every account adds up', async (_, method, network) => {
    const bytes = readFileSync(join(externalData(network.folder).path, `${network.file}.onnx`))
    const { input, logits } = exampleFor(network)
    const classifier = await createClassifier(bytes, 1)
    const plain = await classifier.run(input)
    await classifier.release()
    const explainer = await createExplainer(bytes, {
      method,
      parameters: { low: 0, high: network.highest },
      start: 'logit',
      batch: 1,
    })
    const mask = new Float32Array(plain.length)
    mask[plain.indexOf(Math.max(...plain))] = 1
    const result = await explainer.run(input, mask)
    await explainer.release()
    expect(relativeL2(result.logits, plain)).toBeLessThan(1e-5)
    for (const [at, logit] of (logits ?? []).entries()) expect(plain[at]).toBeCloseTo(logit, 3)
    expectAccountsToAddUp(result, 9)
  })
})
