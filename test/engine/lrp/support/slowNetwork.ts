import type { RuleMethod } from './slowRules'
import type { Graph, Node } from '../../../../src/engine/onnx/model'
import { readModel } from '../../../../src/engine/onnx/read'
import { batchNormalization, makeOf, type Made } from './slowLayers'
import { throughLinear, throughNorm, type Box, type Place, type Rows } from './slowRules'
import { valueOf, zip, type Value } from './slowTensor'

/**
 * A whole network a second time: the ONNX graph interpreted node by node in double precision, and
 * relevance sent back by the formulas of the conventions. Slow, and blind to how the compiler works.
 * The image is one sample; its box of lowest and highest values is one number each.
 */
export interface SlowQuestion {
  readonly method: RuleMethod
  /** +1 at the explained class, −1 at the one it is held against; times the logits. */
  readonly mask: readonly number[]
  readonly low?: number
  readonly high?: number
}

interface Step {
  readonly output: string
  readonly back: (relevance: readonly number[]) => readonly (readonly [string, readonly number[]])[]
}

const final = new Set(['Softmax', 'LogSoftmax', 'Sigmoid'])

const apply = ({ rows, bias }: Rows, a: readonly number[]): number[] =>
  rows.map((row, j) => row.reduce((sum, [i, w]) => sum + w * (a[i] ?? NaN), bias(j)))

export function explainSlowly(bytes: Uint8Array, image: Value, question: SlowQuestion) {
  const { graph } = readModel(bytes)
  const end = graph.nodes.find((node) => node.outputs[0] === graph.outputs[0]?.name)
  const logits = (end && final.has(end.operator) ? end.inputs[0] : end?.outputs[0]) ?? ''
  const imageName = graph.inputs[0]?.name ?? ''
  const values = new Map<string, Value>()
  for (const [name, tensor] of graph.initializers) values.set(name, valueOf(tensor))
  const constants = new Set(values.keys())
  values.set(imageName, image)
  const fill = (value: number): Value => zip(image, { shape: [], data: [value] }, (_, v) => v)
  const boxes = new Map([[imageName, { low: fill(question.low ?? 0), high: fill(question.high ?? 1) }]]) // prettier-ignore
  const behindLinear = new Set<string>()
  const behindConvolution = new Set<string>()
  const folded = new Set<Node>()
  const steps: Step[] = []

  for (const node of graph.nodes) {
    if (folded.has(node) || node.outputs[0] === undefined) continue
    const inputs = node.inputs.map((name) => values.get(name))
    const moving = [...node.inputs.keys()].filter((at) => {
      const name = node.inputs[at] ?? ''
      return name !== '' && !constants.has(name)
    })
    const source = node.inputs[moving[0] ?? 0] ?? ''
    const x = values.get(source) ?? image
    let made = makeOf(node, inputs, moving)
    let [output] = node.outputs
    const afterLinear = moving.some((at) => behindLinear.has(node.inputs[at] ?? ''))
    const place: Place = {
      convolution: node.operator === 'Conv',
      first: !afterLinear,
      firstConvolution:
        node.operator === 'Conv' &&
        !moving.some((at) => behindConvolution.has(node.inputs[at] ?? '')),
    }
    const isLinear = made.kind === 'rows' && made.how === 'rule'
    if (made.kind === 'rows' && made.how === 'rule') {
      const all = withBatchNorms(made, output, graph, values, constants, logits)
      for (const next of all.nodes) folded.add(next)
      made = all.made
      output = all.output
    }
    const result = forward(made, x, node, inputs)
    values.set(output, result)
    const box = boxes.get(source)
    if (box && !isLinear && made.kind !== 'sum') boxes.set(output, through(made, box, node, inputs))
    if (isLinear || afterLinear) behindLinear.add(output)
    const isConvolution = isLinear && place.convolution
    if (isConvolution || moving.some((at) => behindConvolution.has(node.inputs[at] ?? '')))
      behindConvolution.add(output)
    const flatBox: Box | null = box ? { low: box.low.data, high: box.high.data } : null
    const how = made
    steps.push({
      output,
      back: (relevance) => {
        if (how.kind === 'rows' && how.how === 'rule') {
          const choice = { method: question.method, place, box: flatBox }
          return [[source, throughLinear(how, x.data, relevance, choice)]]
        }
        // A constant Add behind the first layer is a bias that was not folded.
        const isBias = (node.operator === 'Add' || node.operator === 'Sum') && afterLinear
        if (how.kind === 'rows' && (how.how === 'norm' || isBias))
          return [[source, throughNorm(how, x.data, relevance)]]
        if (how.kind === 'sum')
          return node.inputs.map((name) => {
            const a = values.get(name)?.data ?? []
            const rows = a.map((_, i): [number, number][] => [[i, 1]])
            const bias = (j: number): number => (result.data[j] ?? NaN) - (a[j] ?? NaN)
            return [name, throughNorm({ rows, bias }, a, relevance)]
          })
        if (how.kind === 'pick')
          return moving.map((at) => {
            const back = (inputs[at]?.data ?? []).map(() => 0)
            for (const [j, from] of how.from.entries())
              if (from?.[0] === at) back[from[1]] = (back[from[1]] ?? 0) + (relevance[j] ?? NaN)
            return [node.inputs[at] ?? '', back]
          })
        // Excitation backprop has the derivative of activations; preprocessing passes there too.
        const excited =
          question.method === 'excitation-backprop' &&
          (how.kind === 'each' || node.operator === 'BatchNormalization')
        const slope = (i: number): number => slopeOf(how, x.data[i] ?? NaN, i)
        return [[source, excited ? relevance.map((r, i) => r * slope(i)) : relevance]]
      },
    })
    if (output === logits) break
  }

  const scores = values.get(logits)?.data ?? []
  const pending = new Map([[logits, scores.map((z, c) => z * (question.mask[c] ?? 0))]])
  for (const { output, back } of steps.toReversed()) {
    const relevance = pending.get(output)
    if (!relevance) continue
    for (const [name, sent] of back(relevance)) {
      const known = pending.get(name) ?? sent.map(() => 0)
      pending.set(name, known.map((r, i) => r + (sent[i] ?? NaN))) // prettier-ignore
    }
  }
  return { logits: scores, relevance: pending.get(imageName) ?? [] }
}

function slopeOf(made: Made, x: number, i: number): number {
  if (made.kind === 'rows') return made.rows[i]?.[0]?.[1] ?? NaN
  return made.kind === 'each' ? (made.f(x + 1e-6) - made.f(x - 1e-6)) / 2e-6 : NaN
}

function forward(made: Made, x: Value, node: Node, inputs: readonly (Value | undefined)[]): Value {
  if (made.kind === 'rows') return { shape: made.shape, data: apply(made, x.data) }
  if (made.kind === 'each') return { shape: x.shape, data: x.data.map(made.f) }
  if (made.kind === 'pick') {
    const padding = node.operator === 'Pad' ? (inputs[2]?.data[0] ?? 0) : NaN
    const data = made.from.map((from) => (from ? (inputs[from[0]]?.data[from[1]] ?? NaN) : padding))
    return { shape: made.shape, data }
  }
  const [first = x, ...rest] = inputs.flatMap((value) => value ?? [])
  return rest.reduce((sum, next) => zip(sum, next, (a, b) => a + b), first)
}

interface ValueBox {
  readonly low: Value
  readonly high: Value
}

/** The lowest and highest values behind a node; on padding, those of the nearest real element's channel. */
function through(
  made: Made,
  { low, high }: ValueBox,
  node: Node,
  inputs: readonly (Value | undefined)[],
): ValueBox {
  if (node.operator === 'Pad' && made.kind === 'pick') {
    const channel = (index: number): number => Math.floor(index / (made.from.length / (made.shape[1] ?? 1))) // prettier-ignore
    const spread = (value: Value): Value => {
      const perChannel = value.data.length / (value.shape[1] ?? 1)
      return { shape: made.shape, data: made.from.map((_, j) => value.data[channel(j) * perChannel] ?? NaN) } // prettier-ignore
    }
    return { low: spread(low), high: spread(high) }
  }
  const one = forward(made, low, node, [low, ...inputs.slice(1)])
  const other = forward(made, high, node, [high, ...inputs.slice(1)])
  return { low: zip(one, other, Math.min), high: zip(one, other, Math.max) }
}

/** A layer with the BatchNormalizations and per-channel constant Adds that only it feeds. */
function withBatchNorms(
  layer: Extract<Made, { kind: 'rows' }>,
  from: string,
  graph: Graph,
  values: ReadonlyMap<string, Value>,
  constants: ReadonlySet<string>,
  logits: string,
) {
  const nodes: Node[] = []
  let output = from
  let made = layer
  for (;;) {
    const [next, ...others] = graph.nodes.filter((node) => node.inputs.includes(output))
    if (!next || others.length > 0 || output === logits) break
    const constant = next.inputs.filter((name) => constants.has(name)).map((name) => values.get(name)) // prettier-ignore
    const [shift] = constant
    const ones = { shape: made.shape, data: made.rows.map(() => 1) }
    const channels = made.shape[1] ?? 1
    const perChannel = shift && (shift.data.length === 1 || (shift.data.length === channels && (shift.shape[shift.shape.length - made.shape.length + 1] === channels))) // prettier-ignore
    const map =
      next.operator === 'BatchNormalization'
        ? batchNormalization(next, made.shape.length, [undefined, ...constant])
        : next.operator === 'Add' && constant.length === 1 && shift && perChannel
          ? { scale: ones, shift }
          : null
    if (!map) break
    const scale = zip(ones, map.scale, (_, s) => s).data
    const shifts = zip(ones, map.shift, (_, s) => s).data
    const before = made
    made = {
      ...before,
      rows: before.rows.map((row, j) => row.map(([i, w]) => [i, w * (scale[j] ?? NaN)])),
      bias: (j) => before.bias(j) * (scale[j] ?? NaN) + (shifts[j] ?? NaN),
    }
    nodes.push(next)
    output = next.outputs[0] ?? ''
  }
  return { made, output, nodes }
}
