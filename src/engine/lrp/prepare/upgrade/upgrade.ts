import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import type { Draft } from '../nodeWriter'
import { bounded, clipWithInputs, sumOrMean } from './bounds'
import { padWithInputs } from './pad'
import { sliceWithInputs, splitWithSizes, topKWithInput } from './parts'
import { reduced } from './reduce'
import { resized } from './resize'
import { asAlias, asReshape, castWithType, powerOfFloats, softmaxOverOne } from './shapes'
import { only, type Upgrade } from './upgrading'
import { transposedWithPads, withExplicitPads } from './windows'

const upgrades: ReadonlyMap<string, Upgrade> = new Map<string, Upgrade>([
  ['Identity', asAlias],
  ['Dropout', asAlias],
  ['Clip', clipWithInputs],
  ['Max', bounded],
  ['Min', bounded],
  ['Sum', sumOrMean],
  ['Mean', sumOrMean],
  ['Cast', castWithType],
  ['Pow', powerOfFloats],
  ['Squeeze', asReshape],
  ['Unsqueeze', asReshape],
  ['Flatten', asReshape],
  ['Reshape', asReshape],
  ['Softmax', softmaxOverOne],
  ['LogSoftmax', softmaxOverOne],
  ['Hardmax', softmaxOverOne],
  ['Pad', padWithInputs],
  ['Split', splitWithSizes],
  ['Slice', sliceWithInputs],
  ['TopK', topKWithInput],
  ...[
    'ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare',
    'ReduceLogSum', 'ReduceLogSumExp',
  ].map((name): [string, Upgrade] => [name, reduced]), // prettier-ignore
  [
    'BatchNormalization',
    (node) => [{ ...node, outputs: node.outputs.slice(0, 1), attributes: only(node, ['epsilon']) }],
  ],
  ['Conv', withExplicitPads],
  ['ConvTranspose', transposedWithPads],
  ['MaxPool', withExplicitPads],
  ['AveragePool', withExplicitPads],
  ['LpPool', withExplicitPads],
  // Its name before operator set 11.
  ['Scatter', (node) => [{ ...node, operator: 'ScatterElements' }]],
  ['Resize', resized],
  ['Upsample', resized],
])

/**
 * Writes nodes of older and newer operator sets in the form of opset 17, with explicit padding,
 * and drops what changes no number (Identity, Dropout).
 * Adds the constants and shapes it needs to the draft; returns the nodes and how values were renamed.
 * @param opset that the file states.
 */
export function upgrade(
  nodes: readonly Node[],
  draft: Draft,
  opset: number,
): { nodes: NetworkNode[]; renamed: (value: string) => string } {
  const aliases = new Map<string, string>()
  const renamed = (value: string): string => aliases.get(value) ?? value
  const kept: NetworkNode[] = []
  for (const original of nodes) {
    const node = { ...original, inputs: original.inputs.map(renamed) }
    const form = node.domain === '' ? upgrades.get(node.operator)?.(node, { draft, opset }) : null
    const [output] = node.outputs
    if (typeof form === 'string' && output !== undefined) aliases.set(output, form)
    else
      kept.push(
        ...(form === undefined || form === null || typeof form === 'string' ? [node] : form),
      )
  }
  return { nodes: kept, renamed }
}
