import { describe, expect, test } from 'vitest'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import type { MethodName } from '../../../../src/shared/explanation/method'
import { DataType, type Attribute } from '../../../../src/engine/onnx/model'
import { readModel } from '../../../../src/engine/onnx/read'
import { arithmeticCases } from '../../reference/cases/arithmetic'
import type { Case } from '../../reference/cases/case'
import { convolutionCases } from '../../reference/cases/convolution'
import { elementwiseCases } from '../../reference/cases/elementwise'
import { indexingCases } from '../../reference/cases/indexing'
import { normalisationCases } from '../../reference/cases/normalisation'
import { poolingCases } from '../../reference/cases/pooling'
import { productCases } from '../../reference/cases/products'
import { reductionCases } from '../../reference/cases/reduction'
import { resizeCases } from '../../reference/cases/resize'
import { shapeCases } from '../../reference/cases/shapes'
import { slopeAlong, type Scalar } from '../../reference/gradient'
import { Interpreter, valueIn } from '../../reference/interpreter'
import { ndArray, sizeOf, type NdArray } from '../../reference/ndArray'
import { relativeL2 } from '../../../support/npy'
import { expectAccountsToAddUp } from '../families/accounts'
import { classifierAround, type OneOperator } from '../support/oneOperator'
import { noise } from '../support/smallNetwork'

/** Operators of others, or that classifiers do not use between image and logits. */
const elsewhere = new Set([
  'Shape', 'Size', 'Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'InstanceNormalization', 'GroupNormalization',
  'LayerNormalization', 'RMSNormalization', 'MeanVarianceNormalization', 'LpNormalization',
  'Conv', 'ArgMax', 'ArgMin', 'Sin', 'Cos', 'Floor', 'Ceil', 'Sign',
]) // prettier-ignore
const isRefused = ({ name, attributes }: Case): boolean =>
  attributes.has('reduction') || name.includes('"ii->i"')
/** Not homogeneous: k·x does not give k·y, so that relevance is something else than input × gradient. */
const bent = new Set([
  ...elementwiseCases.map(({ operator }) => operator),
  'BatchNormalization',
  'Einsum',
  'ReduceProd',
  'ReduceSumSquare',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'LRN',
  'Softmax',
  'LogSoftmax',
])

const isFloat = (type: Attribute | undefined): boolean =>
  type?.kind === 'int' && type.value === DataType.float

const cases = [
  ...shapeCases,
  ...indexingCases,
  ...poolingCases,
  ...productCases.filter(({ operator }) => operator === 'Einsum'),
  ...reductionCases,
  ...resizeCases,
  ...convolutionCases,
  ...normalisationCases,
  ...arithmeticCases,
  ...elementwiseCases,
].filter(
  ({ operator, inputs, attributes }) =>
    !elsewhere.has(operator) &&
    inputs.some((input) => input && 'fed' in input) &&
    // Whole numbers have no gradient.
    (operator !== 'Cast' || isFloat(attributes.get('to'))),
)

/** Whole numbers beside the values are no features. */
const usedOutputs = ({ operator, outputs }: Case): number =>
  operator === 'TopK' || operator === 'MaxPool' ? 1 : outputs

/** The numbers in each output, by the interpreter. */
function outputSizes(of: Case, opset: number): number[] {
  const sizes = Array.from({ length: usedOutputs(of) }, () => 1)
  const { bytes, image } = classifierAround(of, opset, sizes)
  const { graph, ...rest } = readModel(bytes)
  const nodes = graph.nodes.slice(0, graph.nodes.findIndex(({ name }) => name === 'the node') + 1)
  const values = new Interpreter({ ...rest, graph: { ...graph, nodes } }).run(
    new Map([['input', ndArray([1, image.length], Float64Array.from(image))]]),
  )
  return sizes.map((_, at) => sizeOf(valueIn(values, `out${at}`).dims))
}

/** The logits as a function of the image, in double precision. */
function slowLogits({ bytes }: OneOperator): (image: NdArray) => Float64Array {
  const interpreter = new Interpreter(readModel(bytes))
  return (image) => valueIn(interpreter.run(new Map([['input', image]])), 'logits').data
}

async function explain({ bytes, image }: OneOperator, method: MethodName) {
  const explainer = await createExplainer(bytes, {
    method,
    parameters: {},
    start: method === 'gradient' ? 'unit' : 'logit',
    batch: 1,
  })
  const result = await explainer.run(image, Float32Array.of(0, 1))
  await explainer.release()
  return result
}

/**
 * The gradient against central differences along some directions, by the size of its summands: their sum may be
 * small.
 */
function expectSlopes(gradient: Float32Array, logit: Scalar, image: NdArray): void {
  let smooth = 0
  for (const seed of [11, 12, 13]) {
    const along = noise(seed, gradient.length)
    const slope = slopeAlong(logit, image, along)
    if (slope === null) continue
    smooth++
    const terms = gradient.map((value, at) => value * (along[at] ?? NaN))
    const scale = Math.sqrt(terms.reduce((sum, term) => sum + term * term, 0))
    expect(scale).toBeGreaterThan(0)
    const ours = terms.reduce((sum, term) => sum + term, 0)
    expect(Math.abs(ours - slope)).toBeLessThan(1e-5 * scale)
  }
  expect(smooth).toBeGreaterThan(0)
}

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, of) => {
  test.each(of.opsets)('operator set %i: logits and gradient', async (opset) => {
    const network = classifierAround(of, opset, outputSizes(of, opset))
    if (isRefused(of)) {
      await expect(explain(network, 'gradient')).rejects.toThrow(`“the node” (${of.operator})`)
      return
    }
    const { logits, relevance } = await explain(network, 'gradient')
    const slow = slowLogits(network)
    const image = ndArray([1, network.image.length], Float64Array.from(network.image))
    expect(relativeL2(logits, Float32Array.from(slow(image)))).toBeLessThan(1e-5)
    expectSlopes(relevance, (x) => slow(x)[1] ?? NaN, image)
  })

  test.skipIf(isRefused(of))('relevance', async () => {
    const [opset = 17] = of.opsets
    const network = classifierAround(of, opset, outputSizes(of, opset))
    // Nothing is stabilised there, so that what is linear gives each input its part of the logit.
    const exact = await explain(network, 'attn-lrp')
    expectAccountsToAddUp(exact, 2)
    if (bent.has(of.operator)) return
    const gradient = await explain(network, 'gradient')
    const parts = network.image.map((x, at) => x * (gradient.relevance[at] ?? NaN))
    expect(relativeL2(exact.relevance, parts)).toBeLessThan(1e-4)
  })
})
