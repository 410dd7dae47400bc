import type { Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { DataType, type Model, type Tensor } from '../../../src/engine/onnx/model'
import { floatFeed, openSession } from '../../../src/engine/onnx/runtime'
import { noise } from '../lrp/support/smallNetwork'
import { arithmeticCases } from './cases/arithmetic'
import type { Case } from './cases/case'
import { constantCases } from './cases/constants'
import { convolutionCases } from './cases/convolution'
import { elementwiseCases } from './cases/elementwise'
import { indexingCases } from './cases/indexing'
import { normalisationCases } from './cases/normalisation'
import { poolingCases } from './cases/pooling'
import { productCases } from './cases/products'
import { reductionCases } from './cases/reduction'
import { resizeCases } from './cases/resize'
import { shapeCases } from './cases/shapes'
import { Interpreter, valueIn } from './interpreter'
import { ndArray, sizeOf, type NdArray } from './ndArray'
import { knownOperators } from './table'

const cases: readonly Case[] = [
  ...elementwiseCases,
  ...arithmeticCases,
  ...productCases,
  ...convolutionCases,
  ...poolingCases,
  ...reductionCases,
  ...normalisationCases,
  ...shapeCases,
  ...indexingCases,
  ...resizeCases,
  ...constantCases,
]

interface Small {
  readonly model: Model
  readonly feeds: ReadonlyMap<string, { dims: readonly number[]; values: Float32Array }>
  readonly outputs: readonly string[]
}

/** One node as a model, with random numbers to feed. */
function modelOf(of: Case, opset: number): Small {
  const feeds = new Map<string, { dims: readonly number[]; values: Float32Array }>()
  const initializers = new Map<string, Tensor>()
  const names = of.inputs.map((input, at) => {
    if (!input) return ''
    const name = `in${at}`
    if ('constant' in input) initializers.set(name, { ...input.constant, name })
    else {
      const { dims, low, high } = input.fed
      const values = noise(opset + at, sizeOf(dims)).map((v) => low + ((high - low) * (v + 1)) / 2)
      feeds.set(name, { dims, values })
    }
    return name
  })
  const outputs = Array.from({ length: of.outputs }, (_, at) => `out${at}`)
  const node = { name: 'node', operator: of.operator, domain: '', inputs: names, outputs, attributes: of.attributes } // prettier-ignore
  const model: Model = {
    irVersion: opset < 15 ? 6 : opset < 21 ? 8 : 10,
    producer: 'test',
    opsets: new Map([['', opset]]),
    graph: {
      name: 'one node',
      nodes: [node],
      initializers,
      inputs: [...feeds].map(([name, { dims }]) => ({ name, dataType: DataType.float, dims })),
      outputs: outputs.map((name) => ({ name, dataType: 0, dims: [] })),
    },
  }
  return { model, feeds, outputs }
}

async function byRuntime({ model, feeds, outputs }: Small): Promise<OrtTensor[]> {
  const session = await openSession(model, 'disabled')
  const fed = [...feeds].map(([name, { dims, values }]) => [name, floatFeed(values, dims)] as const)
  const results = await session.run(Object.fromEntries(fed))
  await session.release()
  return outputs.flatMap((name) => results[name] ?? [])
}

function byInterpreter({ model, feeds, outputs }: Small): NdArray[] {
  const fed = [...feeds].map(
    ([name, { dims, values }]) => [name, ndArray(dims, Float64Array.from(values))] as const,
  )
  const values = new Interpreter(model).run(new Map(fed))
  return outputs.map((name) => valueIn(values, name))
}

/** A whole number of ONNX Runtime is a bigint or a number; a truth value is 0 or 1. */
function numbersOf({ data }: OrtTensor): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number)
}

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, of) => {
  test.each(of.opsets)('operator set %i', async (opset) => {
    const small = modelOf(of, opset)
    const wanted = await byRuntime(small)
    const made = byInterpreter(small)
    expect(made).toHaveLength(wanted.length)
    for (const [at, output] of wanted.entries()) {
      const theirs = numbersOf(output)
      const ours = made[at]
      expect(ours?.dims).toEqual(output.dims)
      const scale = Math.max(1e-30, ...theirs.map(Math.abs))
      const errors = theirs.map((value, i) => Math.abs(value - (ours?.data[i] ?? NaN)) / scale)
      expect(Math.max(0, ...errors)).toBeLessThan(1e-5)
    }
  })
})

test('every operator that the interpreter knows is in the table', () => {
  const tested = new Set(cases.map(({ operator }) => operator))
  expect(knownOperators.filter((name) => !tested.has(name))).toEqual([])
})
