import { floatTensor } from '../../../../src/engine/onnx/elements'
import { indexGraph } from '../../../../src/engine/onnx/graphIndex'
import { DataType, type Attribute, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { floatData, floatFeed, openSession } from '../../../../src/engine/onnx/runtime'
import { GraphBuilder } from '../../../../src/engine/lrp/builder'
import { convolutionLayer } from '../../../../src/engine/lrp/layers/convolution'
import { transposeConvolutionLayer } from '../../../../src/engine/lrp/layers/convolutionTranspose'
import { denseLayer } from '../../../../src/engine/lrp/layers/dense'
import { LedgerWriter, readLedger } from '../../../../src/engine/lrp/ledger'
import { nothing } from '../../../../src/engine/lrp/ledgerSum'
import type { Network } from '../../../../src/engine/lrp/network'
import type { Rule } from '../../../../src/engine/lrp/rules/rule'
import { relevanceOf } from '../../../../src/engine/lrp/signal'
import { rectifiedOf } from '../../../../src/engine/lrp/vanishes'

export interface LayerCase {
  readonly operator: 'Conv' | 'ConvTranspose' | 'Gemm'
  readonly attributes: Record<string, Attribute>
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  readonly weightShape: readonly number[]
  readonly weights: readonly number[]
  readonly bias: readonly number[]
  readonly x: readonly number[]
  /** R at z; what lies behind multiplies it. */
  readonly relevance: readonly number[]
  /** What alone reads z, so that relevance comes as a multiple of it; nothing when absent. A Clip goes from 0 to 1. */
  readonly behind?: 'Relu' | 'Clip'
}

export interface Applied {
  readonly z: Float32Array
  readonly relevance: Float32Array
  readonly bias: number
  readonly stabiliser: number
  readonly unexplained: number
}

/** Runs one rule on one layer in ONNX Runtime, as the compiler would write it. */
export async function applyRule(rule: Rule, layerCase: LayerCase): Promise<Applied> {
  const constants = new Map<string, Tensor>([
    ['w', floatTensor('w', layerCase.weightShape, Float32Array.from(layerCase.weights))],
    ['b', floatTensor('b', [layerCase.bias.length], Float32Array.from(layerCase.bias))],
    ['low', floatTensor('low', [], Float32Array.of(0))],
    ['high', floatTensor('high', [], Float32Array.of(1))],
  ])
  const node: Node = {
    name: 'layer',
    operator: layerCase.operator,
    domain: '',
    inputs: ['x', 'w', 'b'],
    outputs: ['z'],
    attributes: new Map(Object.entries(layerCase.attributes)),
  }
  const { behind } = layerCase
  const nodes = [node]
  if (behind) {
    const inputs = behind === 'Clip' ? ['z', 'low', 'high'] : ['z']
    nodes.push({ ...node, name: 'behind', operator: behind, inputs, outputs: ['a'], attributes: new Map() }) // prettier-ignore
  }
  const shapes = new Map([
    ['x', layerCase.inputShape],
    ['z', layerCase.outputShape],
  ])
  const network: Network = {
    input: 'x',
    logits: 'z',
    nodes,
    constants,
    index: indexGraph(nodes),
    shape: (value) => shapes.get(value) ?? [],
    nonNegative: new Set(layerCase.x.every((value) => value >= 0) ? ['x', 'a'] : ['a']),
    notes: [],
  }
  const builder = new GraphBuilder(constants)
  for (const one of nodes) builder.forward(one)
  const context = { builder, network, starts: 1, relevanceShape: network.shape }
  const layers = {
    Conv: convolutionLayer,
    ConvTranspose: transposeConvolutionLayer,
    Gemm: denseLayer,
  }
  const layer = layers[layerCase.operator](context, node)
  const carrier = behind ? 'a' : null
  const { signal, shares } = rule.apply({
    builder,
    layer,
    relevance: { factor: 'R', carrier },
    rectified: rectifiedOf(network, carrier, 'z'),
  })
  const relevance = relevanceOf(builder, signal)
  const ledger = new LedgerWriter(builder, { isShared: () => false, isMultiplied: () => true })
  ledger.record({ node: 'layer', operator: 'any', rule: rule.label }, nothing, [], shares)
  const accounts = ledger.finish()
  const value = (name: string, dims: readonly number[]) => ({
    name,
    dataType: DataType.float,
    dims,
  })
  const session = await openSession(
    {
      irVersion: 8,
      producer: 'test',
      opsets: new Map([['', 17]]),
      graph: {
        name: 'rule',
        nodes: builder.nodes,
        initializers: builder.initializers(),
        inputs: [value('x', layerCase.inputShape), value('R', layerCase.outputShape)],
        outputs: ['z', relevance, ...(accounts ? [accounts.value] : [])].map((name) => ({
          name,
          dataType: DataType.float,
          dims: [],
        })),
      },
    },
    'disabled',
  )
  const results = await session.run({
    x: floatFeed(Float32Array.from(layerCase.x), layerCase.inputShape),
    R: floatFeed(Float32Array.from(layerCase.relevance), layerCase.outputShape),
  })
  await session.release()
  const [sums] = accounts ? readLedger(accounts.plan, floatData(results[accounts.value]), 1) : []
  return {
    z: floatData(results['z']),
    relevance: floatData(results[relevance]),
    bias: sums?.bias ?? 0,
    stabiliser: sums?.stabiliser ?? 0,
    unexplained: sums?.unexplained ?? 0,
  }
}
