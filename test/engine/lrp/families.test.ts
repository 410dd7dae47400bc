import { describe, expect, test } from 'vitest'
import type { MethodName, MethodParameters } from '../../../src/shared/explanation/method'
import { createClassifier, createExplainer, inspectGraph } from '../../../src/engine/lrp/explainer'
import type { Explanation } from '../../../src/engine/lrp/explainerTypes'
import { readModel } from '../../../src/engine/onnx/read'
import { floatData, floatFeed, openSession } from '../../../src/engine/onnx/runtime'
import { relativeL2 } from '../../support/npy'
import { expectAccountsToAddUp } from './families/accounts'
import { cases, type Case } from './families/cases'
import { picture } from './families/pictures'

/** For the first style of a family; the others differ in how they are written, not in what the rules do. */
const allMethods: Readonly<Record<Case['kind'], readonly MethodName[]>> = {
  convolutional: [
    'zero',
    'epsilon',
    'epsilon-plus',
    'epsilon-plus-flat',
    'epsilon-alpha2-beta1',
    'epsilon-gamma-box',
    'excitation-backprop',
  ],
  transformer: ['attn-lrp', 'cp-lrp', 'epsilon', 'epsilon-plus-flat'],
}
const someMethods: typeof allMethods = {
  convolutional: ['epsilon', 'epsilon-plus-flat', 'epsilon-gamma-box', 'excitation-backprop'],
  transformer: allMethods.transformer,
}

function methodsFor(of: Case): readonly MethodName[] {
  const first = cases.find(({ family }) => family === of.family)
  return (of === first ? allMethods : someMethods)[of.kind]
}

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

/** Logits as the file would state them: log softmax where it ends in one. */
function asStated(bytes: Uint8Array, logits: Float32Array): Float32Array {
  if (!endsInSoftmax(bytes)) return logits
  const top = Math.max(...logits)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - top), 0)
  return logits.map((logit) => logit - top - Math.log(sum))
}

/** The logits of the first picture, which every test of a case asks for. */
async function classify(of: Case, bytes: Uint8Array): Promise<Float32Array> {
  const known = classified.get(of)
  if (known) return known
  const classifier = await createClassifier(bytes, 1)
  const logits = await classifier.run(pictureFor(of, bytes, 1).values)
  await classifier.release()
  classified.set(of, logits)
  return logits
}
const classified = new Map<Case, Float32Array>()

/** Explains the class that the network gives the first picture, for all pictures of each batch. */
async function explainEach(
  of: Case,
  bytes: Uint8Array,
  method: MethodName,
  batches: readonly (readonly number[])[],
): Promise<Explanation[]> {
  const logits = await classify(of, bytes)
  const [low, high] = of.pixels === 'normalised' ? [-3, 3] : [0, 255]
  const parameters: MethodParameters = method === 'epsilon-gamma-box' ? { low, high } : {}
  const batch = batches[0]?.length ?? 1
  const start = method === 'gradient' ? 'unit' : 'logit'
  const explainer = await createExplainer(bytes, { method, parameters, start, batch })
  const one = Array.from(logits, (logit) => (logit === Math.max(...logits) ? 1 : 0))
  const results: Explanation[] = []
  for (const seeds of batches) {
    const pictures = seeds.flatMap((seed) => [...pictureFor(of, bytes, seed).values])
    const mask = Float32Array.from(seeds.flatMap(() => one))
    results.push(await explainer.run(Float32Array.from(pictures), mask))
  }
  await explainer.release()
  return results
}

/** Of the first picture alone. */
async function explain(of: Case, bytes: Uint8Array, method: MethodName): Promise<Explanation> {
  const [result] = await explainEach(of, bytes, method, [[1]])
  if (!result) throw new Error('one was asked for')
  return result
}

const mainMethod = ({ kind }: Case): MethodName =>
  kind === 'transformer' ? 'attn-lrp' : 'epsilon-plus-flat'

function batchIsOpen(bytes: Uint8Array): boolean {
  return readModel(bytes).graph.inputs[0]?.dims[0] === null
}

const named = cases.map((each) => [`${each.family}: ${each.style}`, each] as const)
describe.each(named)('%s', (_, of) => {
  const bytes = of.build()

  test('is a classifier that tells classes and pictures apart', async () => {
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

  test('is supported, and its logits are those of the file', async () => {
    const { coverage } = await inspectGraph(bytes, 'epsilon-plus-flat')
    expect(coverage.nodes.filter(({ kind }) => kind === 'missing')).toEqual([])
    expect(coverage.supported).toBe(true)
    const logits = await classify(of, bytes)
    expect(relativeL2(asStated(bytes, logits), await runRaw(of, bytes, 1))).toBeLessThan(1e-5)
  })

  test.each(methodsFor(of))('%s: the same logits, and every account adds up', async (method) => {
    const logits = await classify(of, bytes)
    const result = await explain(of, bytes, method)
    expect(relativeL2(result.logits, logits)).toBeLessThan(1e-5)
    expectAccountsToAddUp(result, 3)
  })

  test('the gradient is the slope of the logit', async () => {
    const logits = await classify(of, bytes)
    const largest = Math.max(...Array.from(logits, Math.abs))
    const top = logits.indexOf(Math.max(...logits))
    const { relevance: gradient } = await explain(of, bytes, 'gradient')
    const { dims, values } = pictureFor(of, bytes, 1)
    const uneven = picture(3, dims, dims.at(-1) === 3)
    // Uphill everywhere, so that nothing cancels out: what is missing anywhere, or wrong, shows.
    const way = gradient.map((slope, i) => Math.sign(slope) * (1.5 + Math.tanh(uneven[i] ?? 0)))
    const slope = gradient.reduce((sum, value, i) => sum + value * (way[i] ?? 0), 0)
    // Far enough for float32, near enough for few ReLUs to change sides.
    const step = (3e-4 * largest) / slope
    const classifier = await createClassifier(bytes, 1)
    const logitAt = async (by: number): Promise<number> =>
      (await classifier.run(values.map((value, i) => value + by * (way[i] ?? 0))))[top] ?? NaN
    const measured = ((await logitAt(step)) - (await logitAt(-step))) / (2 * step)
    await classifier.release()
    expect(slope).toBeGreaterThan(0)
    expect(Math.abs(measured / slope - 1)).toBeLessThan(0.01)
  })

  // Caffe2's files are for one picture at a time.
  if (!batchIsOpen(bytes)) return
  test('two pictures at once get what each gets alone', async () => {
    const method = mainMethod(of)
    const [together] = await explainEach(of, bytes, method, [[1, 2]])
    if (!together) throw new Error('one was asked for')
    const alone = await explainEach(of, bytes, method, [[1], [2]])
    const each = Float32Array.from(alone.flatMap(({ relevance }) => [...relevance]))
    expect(relativeL2(together.relevance, each)).toBeLessThan(1e-4)
    expectAccountsToAddUp(together, 3)
  })
})

/** The same network with the same weights, as different exporters write it. */
const twins: readonly (readonly [family: string, one: string, ...others: string[]])[] = [
  ['VGG', 'TorchScript 11', 'Caffe2 7', 'Caffe2 9', 'dynamo 18, BatchNormalization'],
  ['DenseNet', 'TorchScript 17', 'dynamo 20'],
  ['Inception v3', 'TorchScript 12', 'dynamo 19'],
  ['SqueezeNet', 'Caffe2 8', 'TorchScript 17'],
  ['ShuffleNet v2', 'TorchScript 11', 'TorchScript 16, slices', 'dynamo 18'],
  ['Res2Net', 'TorchScript 12', 'dynamo 20'],
  ['HRNet', 'TorchScript 11', 'TorchScript 13', 'dynamo 18'],
  ['pre-activation ResNet', 'TorchScript 13, in groups', 'dynamo 21, in groups'],
  ['MetaFormer', 'PoolFormer, TorchScript 13', 'PoolFormer, dynamo 21'],
  ['MobileNet v2', 'TorchScript 11', 'dynamo 23'],
  ['MobileNet v3', 'TorchScript 17', 'TorchScript 11', 'TorchScript 13, spelled out', 'dynamo 21'],
  ['EfficientNet', 'TorchScript 13', 'TorchScript 17', 'dynamo 20'],
  ['RegNet', 'TorchScript 17', 'dynamo 22'],
  ['ConvNeXt', 'TorchScript 17', 'TorchScript 13, spelled out'],
  ['Vision Transformer', 'dynamo 18', 'dynamo 23, Attention'],
  ['Swin', 'TorchScript 17', 'TorchScript 13'],
]

describe('who wrote the file does not change the relevance', () => {
  const pairs = twins.flatMap(([family, one, ...others]) =>
    others.map((other) => [family, one, other] as const),
  )
  test.each(pairs)('%s: %s and %s', async (family, one, other) => {
    const [first, second] = await Promise.all(
      [one, other].map(async (style) => {
        const of = cases.find((each) => each.family === family && each.style === style)
        if (!of) throw new Error(`there is no ${family} by ${style}`)
        const bytes = of.build()
        return explain(of, bytes, mainMethod(of))
      }),
    )
    if (!first || !second) throw new Error('two were asked for')
    expect(relativeL2(second.logits, first.logits)).toBeLessThan(1e-5)
    expect(relativeL2(second.relevance, first.relevance)).toBeLessThan(1e-4)
  })
})
