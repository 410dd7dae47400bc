import type { MethodName } from '../../shared/explanation/method'
import type { ModelSource } from '../onnx/externalData'
import { floatModel, type FloatModel } from '../onnx/floatModel'
import type { Value } from '../onnx/model'
import { readModel } from '../onnx/read'
import { findCoverage, type CoverageOptions } from './coverage'
import type { GraphInspection, GraphNames } from './explainerTypes'
import { classOutputs } from './prepare/findLogits'
import { trim } from './prepare/trim'

/** Reads what the graph says of itself, without running anything. */
export function inspectGraph(
  source: ModelSource,
  asked: MethodName | CoverageOptions,
  names: GraphNames = {},
): Promise<GraphInspection> {
  const options = typeof asked === 'string' ? { method: asked } : asked
  const float = floatModel(readModel(source))
  const { graph } = float.model
  // Names that the graph does not have are for whoever gave them to answer for.
  const known = (values: readonly Value[], name?: string): string | undefined =>
    values.find((value) => value.name === name)?.name
  const inputName = known(graph.inputs, names.inputName)
  const outputName = known(graph.outputs, names.outputName)
  const trimmed = trim(float.model, { batch: 1, sampleShape: 'any', inputName, outputName })
  const { input, output, sameShape } = trimmed
  const infoOf = ({ name, dims }: Value) => ({ name, shape: dims })
  return Promise.resolve({
    coverage: withRefusals(findCoverage(float.model, trimmed, options), float),
    inputs: graph.inputs.map(infoOf),
    outputs: graph.outputs.map(infoOf),
    input: input.name,
    output: output.name,
    classOutputs: classOutputs(graph),
    wholeNumbers: float.wholeNumbers(input.name),
    classCount: sameShape ? classesStated(output) : null,
    logitsAreProbabilities: trimmed.finalActivation !== null,
  })
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
