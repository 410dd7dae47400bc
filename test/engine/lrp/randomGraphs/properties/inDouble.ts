import { compile, compiledNames } from '../../../../../src/engine/lrp/compile'
import type { ExplainerOptions } from '../../../../../src/engine/lrp/explainerTypes'
import { readLedger } from '../../../../../src/engine/lrp/ledger'
import { prepare } from '../../../../../src/engine/lrp/prepare/prepare'
import { startInputs } from '../../../../../src/engine/lrp/startRelevance'
import type { Model, Node } from '../../../../../src/engine/onnx/model'
import { readModel } from '../../../../../src/engine/onnx/read'
import type { LedgerEntry } from '../../../../../src/shared/explanation/result'
import { Interpreter, valueIn, type Values } from '../../../reference/interpreter'
import { ndArray, type NdArray } from '../../../reference/ndArray'
import { Random } from '../random'

/** What a compiled graph puts out, in double precision. */
export interface Outcome {
  readonly relevance: Float64Array
  readonly logits: Float64Array
  /** Null for gradient methods. */
  readonly ledger: readonly LedgerEntry[] | null
  /** What the ledger is read from, as the graph puts it out; empty for gradient methods. */
  readonly sums: Float64Array
}

/** How far float32 may move each number of an outcome: by how much rounding moves it in double precision. */
export interface Noise {
  readonly relevance: Float64Array
  readonly logits: Float64Array
  readonly sums: Float64Array
  /** Of each entry's residual. */
  readonly residuals: readonly number[]
}

export interface InDouble {
  readonly batch: number
  readonly classCount: number
  run(input: Float32Array, mask: Float32Array): Outcome
  noise(input: Float32Array, mask: Float32Array): Noise
}

/**
 * The compiled graph run by the interpreter: what the compiler means, without the noise of float32.
 * @throws AppError as `createExplainer` does.
 */
export async function openInDouble(
  bytes: Uint8Array,
  options: ExplainerOptions,
): Promise<InDouble> {
  const network = await prepare(readModel(bytes), options)
  const {
    model,
    ledger: plan,
    classCount,
  } = compile(network, {
    ...options,
    missing: options.missing ?? 'refuse',
    ledger: true,
    at: null,
    starts: 1,
  })
  const shape = network.shape(network.input)
  const [batch = 1] = shape
  const feedsOf = (input: Float32Array, mask: Float32Array) =>
    new Map([
      [network.input, ndArray(shape, Float64Array.from(input))],
      ...[...startInputs(options, mask)].map(
        ([name, values]) =>
          [name, ndArray([batch, classCount], Float64Array.from(values))] as const,
      ),
    ])
  const outcomeOf = (values: Values, start: number): Outcome => {
    const sums = values.get(compiledNames.ledger)
    return {
      relevance: valueIn(values, compiledNames.relevance).data,
      logits: valueIn(values, compiledNames.logits).data,
      ledger: sums && plan ? readLedger(plan, summedRows(sums, batch), start) : null,
      sums: sums?.data ?? new Float64Array(),
    }
  }
  const exact = new Interpreter(model)
  const startOf = (mask: Float32Array): number => mask.reduce((sum, m) => sum + Math.abs(m), 0)
  const run = (input: Float32Array, mask: Float32Array): Outcome =>
    outcomeOf(exact.run(feedsOf(input, mask)), startOf(mask))
  return {
    batch,
    classCount,
    run,
    noise: (input, mask) => {
      const unmoved = run(input, mask)
      const moved = [1, 2, 3].map((seed) => {
        const random = new Random(seed)
        const values = new Interpreter(withWeights(model, random)).run(
          new Map(
            [...feedsOf(input, mask)].map(([name, value]) => [name, jittered(value, random)]),
          ),
          (value, node) => rounded(value, node, random),
        )
        return outcomeOf(values, startOf(mask))
      })
      const largest = (of: (outcome: Outcome) => Float64Array): Float64Array =>
        of(unmoved).map((value, at) =>
          Math.max(...moved.map((outcome) => Math.abs((of(outcome)[at] ?? NaN) - value))),
        )
      return {
        relevance: largest(({ relevance }) => relevance),
        logits: largest(({ logits }) => logits),
        sums: largest(({ sums }) => sums),
        residuals: [
          ...largest(({ ledger }) => Float64Array.from(ledger ?? [], ({ residual }) => residual)),
        ],
      }
    },
  }
}

/** They hand numbers on as they are, or choose between them: float32 adds nothing. */
const exactOperators = new Set([
  'Relu', 'Neg', 'Abs', 'Sign', 'Clip', 'Min', 'Max', 'MaxPool', 'GlobalMaxPool', 'ReduceMax', 'ReduceMin', 'Where', 'Cast',
  'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Identity', 'Dropout', 'DepthToSpace', 'SpaceToDepth',
  'Concat', 'Split', 'Slice', 'Gather', 'GatherElements', 'GatherND', 'Expand', 'Tile', 'Pad', 'TopK', 'Shape', 'Floor',
  'Ceil', 'Round', 'ThresholdedRelu', 'CastLike', 'ConstantOfShape', 'Range',
]) // prettier-ignore

function rounded(value: NdArray, node: Node, random: Random): NdArray {
  if (value.kind !== 'float' || exactOperators.has(node.operator)) return value
  if (node.operator !== 'Resize' && node.operator !== 'Upsample') return jittered(value, random)
  const mode = node.attributes.get('mode')
  if (mode?.kind !== 'string' || mode.value === 'nearest') return value
  // Places between pixels are float32, too: off by an ulp of the size, and the value by that times its slope.
  const largest = value.data.reduce((top, x) => Math.max(top, Math.abs(x)), 0)
  const reach = 2 ** -22 * Math.max(...value.dims.slice(2)) * largest
  return { ...value, data: value.data.map((x) => x + reach * random.between(-1, 1)) }
}

/** Each number off by up to one unit in the last place of float32. */
function jittered(value: NdArray, random: Random): NdArray {
  return { ...value, data: value.data.map((x) => x * (1 + 2 ** -23 * random.between(-1, 1))) }
}

const weighted = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul'])

/** Weights jittered as well: products within a sum round, too. */
function withWeights(model: Model, random: Random): Model {
  const names = new Set(
    model.graph.nodes
      .filter(({ operator }) => weighted.has(operator))
      .flatMap(({ inputs }) => inputs.slice(1)),
  )
  const initializers = new Map(
    [...model.graph.initializers].map(([name, tensor]) => {
      if (!names.has(name)) return [name, tensor]
      const raw = Uint8Array.from(tensor.raw)
      const values = new Float32Array(raw.buffer)
      for (const [at, value] of values.entries())
        values[at] = value * (1 + 2 ** -23 * random.between(-1, 1))
      return [name, { ...tensor, raw }]
    }),
  )
  return { ...model, graph: { ...model.graph, initializers } }
}

/** Σ over the rows of a table. */
function summedRows({ data }: NdArray, rows: number): Float64Array {
  const columns = data.length / rows
  return Float64Array.from({ length: columns }, (_, column) => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += data[row * columns + column] ?? Number.NaN
    return sum
  })
}
