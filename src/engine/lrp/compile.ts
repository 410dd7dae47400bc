import { AppError } from '../../shared/errors'
import type { MethodName, MethodParameters, Start } from '../../shared/explanation/method'
import { DataType, type Model } from '../onnx/model'
import { ownPrefix } from '../onnx/names'
import { GraphBuilder } from './builder'
import { propagationOf } from './composites'
import { LedgerWriter } from './ledger'
import { sizeOf, targetIrVersion, targetOpset, type Network } from './network'
import { operatorFor } from './operators/table'
import type { BackwardContext } from './operators/operator'
import { findPlaces } from './places'
import { combine, relevanceOf, type Signal } from './signal'

export interface CompileOptions {
  readonly method: MethodName
  readonly parameters: MethodParameters
  readonly start: Start
  /** Leave the ledger's sums out; only benchmarks do. */
  readonly ledger: boolean
}

/** Names of the compiled graph's inputs and outputs, beside the network's own input. */
export const compiledNames = {
  mask: `${ownPrefix}mask`,
  relevance: `${ownPrefix}relevance`,
  logits: `${ownPrefix}logits`,
  ledger: `${ownPrefix}ledger`,
} as const

export interface Compiled {
  /** Forward pass and relevance pass out of ordinary operators. */
  readonly model: Model
  readonly ledgerRows: LedgerWriter['rows']
  readonly classCount: number
}

/**
 * Compiles a classifier and a method into one ONNX graph:
 * (input, mask) → (relevance, logits, ledger). The mask, [batch, classes], is +1 at the explained
 * class and −1 at the one it is held against; a start of `logit` multiplies it by the logits.
 */
export function compile(network: Network, options: CompileOptions): Compiled {
  const builder = new GraphBuilder(network.constants)
  const propagation = propagationOf(options.method, options.parameters)
  const logitShape = network.shape(network.logits)
  const inputShape = network.shape(network.input)
  const [batch = 1] = inputShape
  const classCount = classCountOf(inputShape, logitShape)
  for (const node of network.nodes) builder.forward(node)

  const isRelevance = propagation.kind === 'relevance'
  const ledger = isRelevance && options.ledger ? new LedgerWriter(builder) : null
  const relevance = propagate(network, builder, {
    composite: isRelevance ? propagation.composite : null,
    ledger,
    start: {
      factor: builder.reshape(compiledNames.mask, logitShape),
      carrier: isRelevance && options.start === 'logit' ? network.logits : null,
    },
  })
  const atInput =
    propagation.kind === 'gradient' && propagation.timesInput
      ? builder.mul(relevance.factor, network.input)
      : relevanceOf(builder, relevance)

  const name = (from: string, to: string): void =>
    builder.forward({
      name: to,
      operator: 'Identity',
      domain: '',
      inputs: [from],
      outputs: [to],
      attributes: new Map(),
    })
  name(atInput, compiledNames.relevance)
  name(builder.reshape(network.logits, [batch, classCount]), compiledNames.logits)
  const ledgerValue = ledger?.finish() ?? null
  if (ledgerValue !== null) name(ledgerValue, compiledNames.ledger)

  const float = (value: string, dims: readonly (number | null)[]) => ({
    name: value,
    dataType: DataType.float,
    dims,
  })
  return {
    model: {
      irVersion: targetIrVersion,
      producer: 'pixelwise',
      opsets: new Map([['', targetOpset]]),
      graph: {
        name: options.method,
        nodes: builder.nodes,
        initializers: builder.initializers(),
        inputs: [
          float(network.input, network.shape(network.input)),
          float(compiledNames.mask, [batch, classCount]),
        ],
        outputs: [
          float(compiledNames.relevance, network.shape(network.input)),
          float(compiledNames.logits, [batch, classCount]),
          ...(ledgerValue === null ? [] : [float(compiledNames.ledger, [1, null])]),
        ],
      },
    },
    ledgerRows: ledger?.rows ?? [],
    classCount,
  }
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
  readonly composite: BackwardContext['composite']
  readonly ledger: LedgerWriter | null
  readonly start: Signal
}

/** Walks from the logits to the input; reverse-mode differentiation with rules in place of derivatives. */
function propagate(
  network: Network,
  builder: GraphBuilder,
  { composite, ledger, start }: Propagate,
): Signal {
  const pending = new Map<string, Signal[]>([[network.logits, [start]]])
  const places = findPlaces(
    network.nodes,
    (node) => operatorFor(node.operator)?.detail === 'by composite',
  )
  const context: BackwardContext = {
    builder,
    network,
    composite,
    ledger,
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
  for (const node of network.nodes.toReversed()) {
    const signals = pending.get(node.outputs[0] ?? '')
    if (!signals) continue
    const operator = operatorFor(node.operator)
    if (!operator) {
      throw new AppError(
        'unsupported-operator',
        `Node “${node.name}” (${node.operator}) has no rule.`,
      )
    }
    operator.backward(node, combine(builder, signals), context)
  }
  const arrived = pending.get(network.input)
  if (!arrived) {
    throw new AppError(
      'invalid-model',
      'The logits of this model do not depend on its input.',
      'Check the output name in the model card.',
    )
  }
  return combine(builder, arrived)
}
