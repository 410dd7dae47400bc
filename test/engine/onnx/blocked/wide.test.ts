import { afterAll, describe, expect, test, vi } from 'vitest'
import { compile, compiledNames, type Compiled } from '../../../../src/engine/lrp/compile'
import type { ExplainerOptions } from '../../../../src/engine/lrp/explainerTypes'
import { prepare, type Prepared } from '../../../../src/engine/lrp/prepare/prepare'
import { startInputs } from '../../../../src/engine/lrp/startRelevance'
import { startsApart } from '../../../../src/engine/lrp/startsApart'
import { blockSize } from '../../../../src/engine/onnx/blocked/blockSize'
import type { Feeds } from '../../../../src/engine/onnx/ortSession'
import { readModel } from '../../../../src/engine/onnx/read'
import { floatData, floatFeed, openSession, type SessionOptions } from '../../../../src/engine/onnx/runtime' // prettier-ignore
import type { MethodName } from '../../../../src/shared/explanation/method'
import type { Entry } from '../../lrp/randomGraphs/entry'
import { generate, type RandomGraph } from '../../lrp/randomGraphs/generate'
import { Findings } from '../../lrp/randomGraphs/properties/findings'
import { openInDouble, type Noise } from '../../lrp/randomGraphs/properties/inDouble'
import { questionFor } from '../../lrp/randomGraphs/properties/question'
import { optionsFor } from '../../lrp/randomGraphs/properties/relevance'

/**
 * Random classifiers as wide as blocks: what they put out in blocks against what they put out as they are.
 * Which ones, the seed decides: a failing test names it.
 */
const seeds = Array.from({ length: 120 }, (_, at) => 1 + at)
const methods: readonly MethodName[] = [
  'epsilon-plus-flat',
  'epsilon-gamma-box',
  'zero',
  'epsilon-alpha2-beta1',
  'gradient',
]

/** How often each function that writes nodes in blocks did, and how often it was asked. */
const uses = vi.hoisted(() => new Map<string, { asked: number; done: number }>())
const counted = vi.hoisted(() => async (importOriginal: () => Promise<object>) => {
  const original = await importOriginal()
  const watched = Object.entries(original).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value] as const
    const watch = (...parameters: unknown[]): unknown => {
      const result: unknown = value(...parameters)
      if (typeof result === 'boolean') {
        const { asked, done } = uses.get(name) ?? { asked: 0, done: 0 }
        uses.set(name, { asked: asked + 1, done: done + (result ? 1 : 0) })
      }
      return result
    }
    return [name, watch] as const
  })
  return Object.fromEntries(watched)
})
vi.mock('../../../../src/engine/onnx/blocked/convolution', counted)
vi.mock('../../../../src/engine/onnx/blocked/elementwise', counted)
vi.mock('../../../../src/engine/onnx/blocked/joins', counted)
vi.mock('../../../../src/engine/onnx/blocked/perChannel', counted)
vi.mock('../../../../src/engine/onnx/blocked/pooling', counted)
vi.mock('../../../../src/engine/onnx/blocked/sums', counted)
vi.mock('../../../../src/engine/onnx/blocked/transposed', counted)

/** Rows that leave channels where blocks want them; each graph features one in turn. */
const featured = [
  'depthwise convolution', 'grouped convolution', 'transposed convolution', 'MaxPool', 'AveragePool', 'Relu', 'LeakyRelu',
  'Clip', 'SiLU', 'Where', 'product with its own mask', 'batch normalisation by itself', 'residual', 'difference',
  'sum of three', 'Max of two', 'Concat of branches', 'sum of two slices', 'squeeze and excitation', 'times a constant',
  'masked by a constant', 'quotient of two branches', 'depth to space', 'space to depth',
  'every second pixel, four times (Focus)', 'enlarged, nearest', 'mean spread out again',
] // prettier-ignore
const usual = new Set([...featured, 'convolution', 'convolution that keeps the shape'])
const allows = ({ name, role }: Entry): boolean => usual.has(name) || role === 'head'

const block = await blockSize()
/** One block, mostly; two now and then, and one and a half. */
const widths = new Map([[3, 1.5], [6, 2]]) // prettier-ignore
const widen = (channels: number): number => (widths.get(channels) ?? 1) * block

interface Outputs {
  readonly logits: Float32Array
  readonly relevance: Float32Array
  readonly ledger: Float32Array | null
}

async function run(
  { model }: Compiled,
  feeds: Feeds,
  shapes: SessionOptions['shapes'],
): Promise<Outputs> {
  const session = await openSession(model, 'all', { provider: 'cpu', threads: 1 }, { shapes })
  try {
    const results = await session.run(feeds)
    return {
      logits: floatData(results[compiledNames.logits]),
      relevance: floatData(results[compiledNames.relevance]),
      ledger: results[compiledNames.ledger] ? floatData(results[compiledNames.ledger]) : null,
    }
  } finally {
    await session.release()
  }
}

/** What is asked of a graph, and what it is fed for that. */
interface Asked {
  readonly input: Float32Array
  readonly mask: Float32Array
  readonly feeds: Feeds
}

function fed(
  network: Prepared,
  options: ExplainerOptions,
  { input, mask, rows }: { input: Float32Array; mask: Float32Array; rows: number },
): Asked {
  const masks = [...startInputs(options, mask)].map(
    ([name, values]) => [name, floatFeed(values, [rows, values.length / rows])] as const,
  )
  const image = { [network.input]: floatFeed(input, network.shape(network.input)) }
  return { input, mask, feeds: { ...image, ...Object.fromEntries(masks) } }
}

function askedOf(
  network: Prepared,
  options: ExplainerOptions,
  graph: RandomGraph,
  seed: number,
): Asked {
  const { input, other, first, second } = questionFor(graph, seed)
  const shape = network.shape(network.input)
  const isOpen = shape[0] !== 1
  const both = (one: Float32Array, two: Float32Array): Float32Array =>
    isOpen ? Float32Array.of(...one, ...two) : one
  const rows = shape[0] ?? 1
  return fed(network, options, { input: both(input, other), mask: both(first, second), rows })
}

async function judge(graph: RandomGraph, seed: number, method: MethodName, findings: Findings) {
  const batch = graph.isOpen ? 2 : 1
  const options = optionsFor(method, batch)
  const compiled = await findings.unlessRefused(method, async () => {
    const network = await prepare(readModel(graph.bytes), options)
    const made = compile(network, { ...options, missing: 'refuse', ledger: true, at: null, starts: 1 }) // prettier-ignore
    return { made, ...askedOf(network, options, graph, seed) }
  })
  if (!compiled) return
  const { made, input, mask, feeds } = compiled
  const plain = await run(made, feeds, undefined)
  const blocked = await run(made, feeds, made.shapes)
  const double = await openInDouble(graph.bytes, options)
  const noise = () => double.noise(input, mask)
  findings.compare(`${method}: logits`, blocked.logits, plain.logits, 1e-5, () => noise().logits)
  findings.compare(`${method}: relevance`, blocked.relevance, plain.relevance, 1e-5, () => noise().relevance) // prettier-ignore
  if (plain.ledger === null) expect(blocked.ledger).toBe(null)
  else findings.compare(`${method}: ledger`, blocked.ledger ?? [], plain.ledger, 1e-5, () => noise().sums) // prettier-ignore
}

/** Two starts of one sample in one run: what the forward pass has once stands against two rows. */
async function judgeStarts(
  graph: RandomGraph,
  seed: number,
  method: MethodName,
  findings: Findings,
) {
  const options = optionsFor(method, 1)
  const { input, first, second } = questionFor(graph, seed)
  const network = await findings.unlessRefused(method, () =>
    prepare(readModel(graph.bytes), options),
  )
  if (!network || !startsApart(network)) return
  totals.starts++
  const made = compile(network, { ...options, missing: 'gradient', ledger: true, at: null, starts: 2 }) // prettier-ignore
  const masks = Float32Array.of(...first, ...second)
  const { feeds } = fed(network, options, { input, mask: masks, rows: 2 })
  const plain = await run(made, feeds, undefined)
  const blocked = await run(made, feeds, made.shapes)
  const double = await openInDouble(graph.bytes, { ...options, missing: 'gradient' })
  const noise = [first, second].map((mask) => () => double.noise(input, mask))
  const both = (of: (noise: Noise) => Float64Array) => (): Float64Array =>
    Float64Array.from(noise.flatMap((one) => [...of(one())]))
  const compare = findings.compare.bind(findings)
  const what = `${method}, two starts`
  compare(`${what}: relevance`, blocked.relevance, plain.relevance, 1e-5, both(({ relevance }) => relevance)) // prettier-ignore
  compare(`${what}: ledger`, blocked.ledger ?? [], plain.ledger ?? [], 1e-5, both(({ sums }) => sums)) // prettier-ignore
}

const totals = { compared: 0, starts: 0, blurred: [] as string[], refused: 0 }

describe.skipIf(block === 1)('wide random graphs (skipped where no kernels take blocks)', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const featuring = featured[seed % featured.length] ?? 'Relu'
    const graph = generate(seed, { widen, allows, featuring })
    const findings = new Findings(readModel(graph.bytes).graph.nodes.map(({ name }) => name))
    const method = methods[seed % methods.length] ?? 'epsilon'
    for (const each of [method, 'epsilon-plus-flat'] as const)
      await judge(graph, seed, each, findings)
    if (seed % 3 === 0) await judgeStarts(graph, seed, method, findings)
    totals.compared += findings.compared
    totals.refused += findings.refusals.length
    totals.blurred.push(...findings.blurred.map((what) => `seed ${seed}, ${what}`))
    expect(findings.complaints, graph.made.join(', ')).toEqual([])
  })

  afterAll(() => {
    const table = [...uses].map(([name, { asked, done }]) => `${name} ${done} of ${asked}`)
    console.log(`${totals.compared} comparisons, ${totals.starts} graphs with two starts, ${totals.blurred.length} of them blurred by float32; ${table.join(', ')}`) // prettier-ignore
    // Else these tests would say nothing of them.
    expect([...uses].filter(([, { done }]) => done === 0).map(([name]) => name)).toEqual([])
    expect(uses.size).toBeGreaterThan(10)
    expect(totals.starts).toBeGreaterThan(seeds.length / 12)
    expect(totals.blurred.length).toBeLessThan(0.02 * totals.compared)
    expect(totals.refused).toBeLessThan(0.2 * 2 * seeds.length)
  })
})
