import { asFloat32 } from './float32'
import type { Model } from './model'
import { dequantise, type Dequantised } from './quantised/dequantise'
import { rewrites } from './quantised/operators'
import { wholeRange } from './quantised/quantisation'

/** A model as it is explained: all of its numbers float32. */
export interface FloatModel extends Omit<Dequantised, 'rounds'> {
  /**
   * The quantised model whose prediction counts; null where `model` computes the very same, but for
   * rounding in the last bits.
   */
  readonly own: Model | null
  /** What was done to the file's numbers, in words. */
  readonly notes: readonly string[]
  /** The whole numbers that an input takes; null where it takes any number. */
  wholeNumbers(input: string): { readonly low: number; readonly high: number } | null
}

const wholeOperators = new Set(['DynamicQuantizeLinear', 'ConvInteger', 'MatMulInteger'])

/** Brings the types of a model to float32: see `asFloat32` for weights, `dequantise` for whole numbers. */
export function floatModel(read: Model): FloatModel {
  const { model, notes } = asFloat32(read)
  if (!hasWholeNumbers(model)) {
    return {
      model,
      own: null,
      notes,
      quantised: new Map(),
      refused: new Map(),
      wholeNumbers: () => null,
    }
  }
  const { rounds, ...dequantised } = dequantise(model)
  return {
    ...dequantised,
    // What could not be rewritten runs as it is.
    own: rounds || dequantised.refused.size > 0 ? model : null,
    wholeNumbers: (name) => {
      const value = model.graph.inputs.find((input) => input.name === name)
      const range = value ? wholeRange(value.dataType) : null
      return range ? { low: range[0], high: range[1] } : null
    },
    notes: [...notes, ...wholeNotes(model, rounds)],
  }
}

function wholeNotes({ graph }: Model, rounds: boolean): string[] {
  if (rounds) {
    return [
      'a quantised network explained in real numbers: weights and biases by their scales, ' +
        'activations not rounded but cut off to the range that their type represents',
    ]
  }
  const kept = graph.nodes.some(({ operator }) => operator === 'DequantizeLinear')
  return kept ? ['weights kept as whole numbers computed by their scales'] : []
}

function hasWholeNumbers({ graph }: Model): boolean {
  return (
    graph.inputs.some(({ dataType }) => wholeRange(dataType) !== null) ||
    graph.nodes.some(
      ({ domain, operator }) =>
        rewrites.has(`${domain}.${operator}`) || (domain === '' && wholeOperators.has(operator)),
    )
  )
}
