import { modelCardSchema, type ModelCard } from '../../../src/shared/card'
import { sha256Of } from '../../../src/engine/files'
import type { GraphInspection } from '../../../src/engine/lrp/explainerTypes'

/** A card of a 4×4 RGB classifier with two classes. */
export function makeCard(
  change: Partial<ModelCard> = {},
  input: Partial<ModelCard['input']> = {},
): ModelCard {
  return modelCardSchema.parse({
    name: 'test',
    version: '1',
    labels: ['yes', 'no'],
    output: { name: 'logits', kind: 'logits' },
    ...change,
    input: {
      name: 'image',
      width: 4,
      height: 4,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1 / 255,
      mean: [0.5, 0.4, 0.3],
      std: [0.1, 0.2, 0.5],
      ...input,
    },
  })
}

export function makeGraph(change: Partial<GraphInspection> = {}): GraphInspection {
  const inputs = change.inputs ?? [{ name: 'image', shape: [1, 3, 4, 4] }]
  const outputs = change.outputs ?? [{ name: 'logits', shape: [1, 2] }]
  return {
    coverage: { nodes: [], supported: true },
    inputs,
    outputs,
    input: inputs[0]?.name ?? '',
    output: outputs[0]?.name ?? '',
    classOutputs: outputs.map(({ name }) => name),
    wholeNumbers: null,
    classCount: 2,
    logitsAreProbabilities: false,
    ...change,
  }
}

export const anySha256 = sha256Of('a model')
