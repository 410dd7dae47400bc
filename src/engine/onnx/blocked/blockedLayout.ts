import type { Model } from '../model'
import { blockedDomain, blockedVersion } from './blockSize'
import { convolution, waitingAddition, type Waiting } from './convolution'
import { elementwise } from './elementwise'
import { concat, slice } from './joins'
import { Layout } from './layout'
import { batchNormalization } from './perChannel'
import { depthToSpace, pooling, resize } from './pooling'
import { findShapes, type Shapes } from './shapes'
import { transposedConvolution } from './transposed'
import { asRows, sums, type Rows } from './sums'
import { winograd } from './winograd'

/**
 * The same graph with its convolutions, and what lies between them, on channels in blocks, as ONNX Runtime's
 * convolutions on x86 and ARM want them. ONNX Runtime does this by itself as well, but goes back to the plain
 * order for every Div, comparison and sum, of which a relevance graph is full: a tenth to a quarter of its time.
 * The values stay the same but for rounding: sums have another order, and `winograd` other steps.
 * @param known shapes of the network's own values. @param block channels in a block; 1 leaves the model as it is.
 * @param adjoints values that convolutions make of relevance on its way back: large ones go by `winograd`.
 */
export function withBlockedLayout(
  model: Model,
  known: Shapes,
  block: number,
  adjoints: ReadonlySet<string> = new Set(),
): Model {
  if (block === 1) return model
  const { graph } = model
  const layout = new Layout(graph, findShapes(graph, known), block)
  const waiting: Waiting = new Map()
  const rows: Rows = new Map()
  for (const node of graph.nodes) {
    if (layout.isAbsorbed(node)) continue
    const done =
      node.domain === '' &&
      (waitingAddition(node, layout, waiting) ||
        (adjoints.has(node.outputs[0] ?? '') && winograd(node, layout)) ||
        (node.operator === 'Conv' && convolution(node, layout, waiting)) ||
        transposedConvolution(node, layout) ||
        elementwise(node, layout) ||
        batchNormalization(node, layout) ||
        pooling(node, layout) ||
        resize(node, layout) ||
        depthToSpace(node, layout) ||
        concat(node, layout) ||
        slice(node, layout) ||
        asRows(node, layout, rows) ||
        sums(node, layout, rows))
    if (!done) layout.keep(node)
  }
  for (const { name } of graph.outputs) layout.plain(name)
  const used = new Set(layout.nodes.flatMap((node) => node.inputs))
  return {
    ...model,
    opsets: new Map([...model.opsets, [blockedDomain, blockedVersion]]),
    graph: {
      ...graph,
      nodes: layout.nodes,
      initializers: new Map([...layout.initializers].filter(([name]) => used.has(name))),
    },
  }
}
