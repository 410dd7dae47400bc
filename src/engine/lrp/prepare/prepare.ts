import { floatModel } from '../../onnx/floatModel'
import { ancestorsOf, indexGraph } from '../../onnx/graphIndex'
import type { Model } from '../../onnx/model'
import { assertCovered, type CoverageOptions } from '../coverage'
import type { Network } from '../network'
import type { WholeNumbers } from '../wholeNumbers'
import { canonise, unmark } from './canonise'
import { withDenseMembers } from './denseForm'
import { joinFactors } from './recognise/factors'
import { recognise } from './recognise/recognise'
import { softmaxForm } from './recognise/softmax'
import { findNonNegative } from './signs'
import { trim, type PrepareOptions } from './trim'
import { writeOut } from './writeOut'

/** A network, and how it stands to the file that it came from. */
export interface Prepared extends Network {
  /** False where the file's own logits differ by its quantisation. */
  readonly exactForward: boolean
  /** The whole numbers that the input takes; null where it takes any number. */
  readonly wholeNumbers: WholeNumbers | null
  /** Softmax, LogSoftmax or Sigmoid; null where none was stripped. */
  readonly finalActivation: string | null
}

/**
 * Makes a classifier ready for compilation.
 * @throws AppError `unsupported-operator` naming the first node on the way to the logits that has
 *   neither rule nor route, before anything of the network has run.
 */
export async function prepare(
  read: Model,
  options: PrepareOptions & CoverageOptions,
): Promise<Prepared> {
  const float = floatModel(read)
  const { model } = float
  const trimmed = trim(model, options)
  for (const { name } of trimmed.graph.nodes) {
    const refused = float.refused.get(name)
    if (refused) throw refused
  }
  assertCovered(model, trimmed, options)
  const { nodes: written, draft, logits } = await writeOut(float, trimmed)
  const { constants } = draft
  // Before anything is folded: a folded summand would hide a hard sigmoid.
  const whole = recognise(written, {
    isConstant: (value) => constants.has(value),
    constant: (value) => constants.get(value),
  }).flatMap((node) => softmaxForm(node, draft))
  const canonised = canonise(joinFactors(whole, draft), draft, logits)
  const nodes = unmark(ancestorsOf(canonised.nodes, logits)).map((node) =>
    withDenseMembers(node, draft),
  )
  return {
    input: trimmed.input.name,
    logits,
    nodes,
    constants,
    index: indexGraph(nodes),
    shape: (value) => {
      const shape = draft.shapes.get(value)
      if (!shape) throw new Error(`the shape of ${value} is not known`)
      return shape
    },
    nonNegative: findNonNegative(nodes, constants),
    notes: [...float.notes, ...trimmed.notes, ...canonised.notes],
    exactForward: float.own === null,
    wholeNumbers: float.wholeNumbers(trimmed.input.name),
    finalActivation: trimmed.finalActivation,
  }
}
