import type { MethodName } from '../../shared/explanation/method'
import type { ModelSource } from '../onnx/externalData'
import { floatModel, type FloatModel } from '../onnx/floatModel'
import type { Value } from '../onnx/model'
import { readModel } from '../onnx/read'
import { findCoverage, type CoverageOptions } from './coverage'
import type { ExplainerOptions, GraphInspection, GraphNames } from './explainerTypes'
import { classOutputs } from './prepare/findLogits'
import { trim } from './prepare/trim'
import { withLaterRefusal } from './refusedLater'

/**
 * Reads what the graph says of itself, and what an explanation would refuse: see `withLaterRefusal`.
 * @param choices the input and the output that are meant, and the size of a sample where the file leaves it open: the
 *   more is known, the more of what would be refused later is told.
 */
export async function inspectGraph(
  source: ModelSource,
  asked: MethodName | CoverageOptions,
  choices: GraphNames & Pick<ExplainerOptions, 'sampleShape'> = {},
): Promise<GraphInspection> {
  const options = typeof asked === 'string' ? { method: asked } : asked
  const read = readModel(source)
  const float = floatModel(read)
  const { graph } = float.model
  // Names that the graph does not have are for whoever gave them to answer for.
  const known = (values: readonly Value[], name?: string): string | undefined =>
    values.find((value) => value.name === name)?.name
  const inputName = known(graph.inputs, choices.inputName)
  const outputName = known(graph.outputs, choices.outputName)
  const trimmed = trim(float.model, { batch: 1, sampleShape: 'any', inputName, outputName })
  const { input, output, sameShape } = trimmed
  const infoOf = ({ name, dims }: Value) => ({ name, shape: dims })
  const coverage = await withLaterRefusal({
    read,
    float,
    coverage: withRefusals(findCoverage(float.model, trimmed, options), float),
    options,
    trimmed,
    asked: {
      ...(inputName !== undefined && { inputName }),
      ...(outputName !== undefined && { outputName }),
      ...(choices.sampleShape && { sampleShape: choices.sampleShape }),
    },
  })
  return {
    coverage,
    inputs: graph.inputs.map(infoOf),
    outputs: graph.outputs.map(infoOf),
    input: input.name,
    output: output.name,
    classOutputs: classOutputs(graph),
    wholeNumbers: float.wholeNumbers(input.name),
    classCount: sameShape ? classesStated(output) : null,
    logitsAreProbabilities: trimmed.finalActivation !== null,
  }
}

/** Numbers of one sample, in whatever axes they lie; null where the file leaves one of them open. */
function classesStated({ dims }: Value): number | null {
  const [, ...sample] = dims
  if (sample.length === 0 || sample.includes(null)) return null
  return sample.reduce<number>((product, size) => product * (size ?? 1), 1)
}

/** Nodes of a quantised network that could not be written in real numbers have no rule either. */
function withRefusals(
  coverage: GraphInspection['coverage'],
  { refused }: FloatModel,
): GraphInspection['coverage'] {
  if (refused.size === 0) return coverage
  const nodes = coverage.nodes.map((node) => {
    const reason = node.kind === 'off-path' ? undefined : refused.get(node.node)
    return reason ? { ...node, kind: 'missing' as const, detail: reason.reason } : node
  })
  return { nodes, supported: nodes.every(({ kind }) => kind !== 'missing') }
}
