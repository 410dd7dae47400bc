import { AppError } from '../../shared/errors'
import type { CustomComposite } from '../../shared/explanation/composite'
import type { MethodName, MethodParameters, MissingRule } from '../../shared/explanation/method'
import { ancestorsOf } from '../onnx/graphIndex'
import { DataType, type Model, type Node } from '../onnx/model'
import { ownPrefix, plainName } from '../onnx/names'
import { GraphBuilder } from './builder'
import { propagationOf, type Propagation } from './composites'
import { LedgerWriter, type LedgerPlan } from './ledger'
import { manyTimes, sizeOf, targetIrVersion, targetOpset, type Network } from './network'
import { NodeRefusal } from './nodeRefusal'
import { backwardByGradient } from './operators/byGradient'
import type { BackwardContext, NodeFacts } from './operators/operator'
import { isLinearLayer, operatorFor } from './operators/table'
import { findPlaces } from './places'
import { combine, relevanceOf, type Signal } from './signal'

export interface CompileOptions {
  readonly method: MethodName
  readonly parameters: MethodParameters
  /** The rules of the method `custom`. */
  readonly composite?: CustomComposite | undefined
  /** What to do at operators without a rule. */
  readonly missing: MissingRule
  /** Explanations of the one sample in one run; needs a batch of 1 and `startsApart`. */
  readonly starts: number
  /** The value whose relevance is put out as well; null for none. */
  readonly at: string | null
  /** Leave the ledger's sums out; only benchmarks do. */
  readonly ledger: boolean
}

/** Names of the compiled graph's inputs and outputs, beside the network's own input; gradients have no `unit`. */
export const compiledNames = {
  mask: `${ownPrefix}mask`,
  unit: `${ownPrefix}unit`,
  relevance: `${ownPrefix}relevance`,
  logits: `${ownPrefix}logits`,
  ledger: `${ownPrefix}ledger`,
  at: `${ownPrefix}at`,
} as const

export interface Compiled {
  /** Forward pass and relevance pass out of ordinary operators. */
  readonly model: Model
  /** Of the network's own values. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** Values that convolutions make of relevance on its way back. */
  readonly adjoints: ReadonlySet<string>
  /** How to read the ledger's output; null without one. */
  readonly ledger: LedgerPlan | null
  readonly classCount: number
  /** The network's node that an added node was written for, by name. */
  readonly layerOf: ReadonlyMap<string, string>
  /** Of one start's relevance at the value asked for. */
  readonly atShape: readonly number[] | null
}

/**
 * Compiles a classifier and a method into one ONNX graph: (input, mask, unit) → (relevance, logits, ledger, at).
 * Both masks are [batch or starts, classes], +1 at the explained class and −1 at the one it is held against. The
 * graph starts with mask ⊙ logits + unit, so that one session serves both start values, the other mask being 0;
 * a gradient starts with the one mask as it is. With several starts relevance has one row for each.
 */
export function compile(network: Network, options: CompileOptions): Compiled {
  const { starts } = options
  const propagation = propagationOf(options.method, options.parameters, options.composite)
  const logitShape = network.shape(network.logits)
  const inputShape = network.shape(network.input)
  const [batch = 1] = inputShape
  const classCount = classCountOf(inputShape, logitShape)
  const builder = new GraphBuilder(network.constants, starts, batch * starts)
  const relevanceShape = (value: string): readonly number[] =>
    manyTimes(network.shape(value), starts)
  for (const node of network.nodes) builder.forward(node)

  const isRelevance = propagation.kind === 'relevance'
  const ledger =
    isRelevance && options.ledger
      ? new LedgerWriter(builder, {
          isShared: (value) => network.index.consumers(value).length > 1,
          isMultiplied: (value) => isMultiplied(network, value),
        })
      : null
  const startMask = (input: string): string =>
    builder.reshape(input, relevanceShape(network.logits))
  const masks = isRelevance ? [compiledNames.mask, compiledNames.unit] : [compiledNames.mask]
  const reached = propagate(network, builder, {
    propagation,
    ledger,
    starts,
    relevanceShape,
    missing: options.missing,
    at: options.at,
    // Rules get their sum, which loses nothing: where they divide by the logits z, ±z/z is ±1, and z = 0 passes
    // nothing. A gradient in place of a rule gets both, as it needs to divide but the one that z does not carry.
    start: isRelevance
      ? [
          { factor: startMask(compiledNames.mask), carrier: network.logits },
          { factor: startMask(compiledNames.unit), carrier: null },
        ]
      : [{ factor: startMask(compiledNames.mask), carrier: null }],
  })
  const relevanceAt = (value: string, signal: Signal): string =>
    propagation.kind === 'gradient' && propagation.timesInput
      ? builder.mul(signal.factor, value)
      : relevanceOf(builder, signal)

  const name = (from: string, to: string): void =>
    builder.forward({
      name: to,
      operator: 'Identity',
      domain: '',
      inputs: [from],
      outputs: [to],
      attributes: new Map(),
    })
  name(builder.reshape(network.logits, [batch, classCount]), compiledNames.logits)
  const accounts = ledger?.finish() ?? null
  if (accounts) name(accounts.value, compiledNames.ledger)
  name(relevanceAt(network.input, reached.input), compiledNames.relevance)
  if (options.at !== null && reached.at) {
    name(relevanceAt(options.at, reached.at), compiledNames.at)
  }

  const float = (value: string, dims: readonly (number | null)[]) => ({
    name: value,
    dataType: DataType.float,
    dims,
  })
  const outputs = [
    float(compiledNames.relevance, relevanceShape(network.input)),
    float(compiledNames.logits, [batch, classCount]),
    ...(accounts === null ? [] : [float(compiledNames.ledger, [batch * starts, null])]),
    ...(options.at === null ? [] : [float(compiledNames.at, relevanceShape(options.at))]),
  ]
  return {
    model: {
      irVersion: targetIrVersion,
      producer: 'pixelwise',
      opsets: new Map([['', targetOpset]]),
      graph: {
        name: options.method,
        // What flows towards constants and what is held constant was written for nothing.
        nodes: ancestorsOf(builder.nodes, ...outputs.map((output) => output.name)),
        initializers: builder.initializers(),
        inputs: [
          float(network.input, inputShape),
          ...masks.map((mask) => float(mask, [batch * starts, classCount])),
        ],
        outputs,
      },
    },
    shapes: shapesOf(network),
    adjoints: builder.adjoints,
    ledger: accounts?.plan ?? null,
    layerOf: builder.layerOf,
    classCount,
    atShape: options.at === null ? null : network.shape(options.at),
  }
}

/** Behind a value lies an operator with a rule, perhaps with functions between that relevance passes. */
function isMultiplied(network: Network, value: string): boolean {
  const producer = network.index.producer(value)
  const kind = producer && operatorFor(producer.operator)?.kind
  if (producer === null || kind !== 'pass') return kind === 'rule'
  return isMultiplied(network, producer.inputs[0] ?? '')
}

function shapesOf(network: Network): Map<string, readonly number[]> {
  const outputs = network.nodes.flatMap((node) => node.outputs)
  const values = [network.input, ...outputs.filter((output) => output !== '')]
  return new Map(values.map((value) => [value, network.shape(value)]))
}

/**
 * Logits per sample.
 * @throws AppError `invalid-model` when the samples of a batch do not keep apart.
 */
export function classCountOf(input: readonly number[], logits: readonly number[]): number {
  const [batch = 1] = input
  // One sample alone may have lost its batch dimension on the way.
  if (batch === 1 || logits[0] === batch) return sizeOf(logits) / batch
  throw new AppError(
    'invalid-model',
    `The model mixes the samples of a batch: ${batch} of them give logits of ${logits.join(' × ')}.`,
    'Export the classifier with an open batch dimension, or with a batch of 1.',
  )
}

interface Propagate {
  readonly propagation: Propagation
  readonly ledger: LedgerWriter | null
  readonly starts: number
  readonly relevanceShape: (value: string) => readonly number[]
  readonly missing: MissingRule
  readonly at: string | null
  /** What the logits are sent; more than one is added up. */
  readonly start: readonly Signal[]
}

interface Reached {
  readonly input: Signal
  readonly at: Signal | null
}

/** Walks from the logits to the input; reverse-mode differentiation with rules in place of derivatives. */
function propagate(
  network: Network,
  builder: GraphBuilder,
  { propagation, ledger, starts, relevanceShape, missing, at, start }: Propagate,
): Reached {
  const pending = new Map<string, Signal[]>([[network.logits, [...start]]])
  const isRelevance = propagation.kind === 'relevance'
  const nodes = isRelevance
    ? network.nodes
    : network.nodes.flatMap((node) => node.members ?? [node])
  const facts: NodeFacts = { isConstant: (value) => network.constants.has(value) }
  const places = findPlaces(nodes, (node) => isLinearLayer(node, facts))
  const context: BackwardContext = {
    builder,
    network,
    composite: isRelevance ? propagation.composite : null,
    relu: isRelevance ? 'derivative' : propagation.relu,
    ledger,
    starts,
    relevanceShape,
    place: (node) => {
      const place = places.layers.get(node.name)
      if (!place) throw new Error(`${node.name} is not a linear layer`)
      return place
    },
    isPreprocessing: (node) => places.beforeLayers.has(node.name),
    send: (value, signal) => {
      const signals = pending.get(value)
      if (signals) signals.push(signal)
      else pending.set(value, [signal])
    },
  }
  const together = (signals: readonly Signal[], shape: readonly number[]): Signal => {
    const whole = combine(builder, signals)
    if (signals.length > 1) ledger?.combined(signals, whole, shape)
    return whole
  }
  for (const node of nodes.toReversed()) {
    const arrived = node.outputs.flatMap((output, index) => {
      const signals = pending.get(output)
      if (!signals) return []
      const signal = together(signals, network.shape(output))
      return [{ index, signal, parts: output === network.logits ? signals : [signal] }]
    })
    if (arrived.length === 0) continue
    const operator = operatorFor(node.operator)
    if (!operator) throw noRule(node, 'has no rule')
    const reason = isRelevance ? (operator.noRule?.(node, facts) ?? null) : null
    if (reason !== null && missing === 'refuse')
      throw noRule(node, `cannot be explained: ${reason}`)
    builder.layer = node.name
    if (operator.backwardAll) {
      const signals = node.outputs.map(
        (_, output) => arrived.find(({ index }) => index === output)?.signal ?? null,
      )
      operator.backwardAll(node, signals, context)
      continue
    }
    for (const { index, signal, parts } of arrived) {
      if (reason === null) operator.backward(node, signal, context, index)
      else backwardByGradient(operator, node, parts, context, index)
    }
  }
  const signals = (value: string): Signal => {
    const arrived = pending.get(value)
    if (arrived) return combine(builder, arrived)
    throw value === network.input
      ? new AppError(
          'invalid-model',
          'The logits of this model do not depend on its input.',
          'Check the output name in the model card.',
        )
      : new AppError(
          'invalid-input',
          `No relevance arrives at “${plainName(value)}”.`,
          'Choose a node on the way from the input to the logits.',
        )
  }
  return { input: signals(network.input), at: at === null ? null : signals(at) }
}

function noRule(node: Node, what: string): NodeRefusal {
  return new NodeRefusal(
    node,
    what,
    'Ask for the gradient at operators without a rule, or choose a gradient method.',
  )
}
