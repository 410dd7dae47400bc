import { AppError } from '../../shared/errors'
import { indexGraph } from './graphIndex'
import type { Node } from './model'
import { plainName } from './names'

/**
 * The nodes so that each comes after those whose values it reads, as the specification asks and some
 * exporters do not care for. A file in order keeps its order.
 * @throws AppError `invalid-model` naming a node that waits for itself.
 */
export function sortNodes(nodes: readonly Node[]): readonly Node[] {
  const index = indexGraph(nodes)
  const sorted: Node[] = []
  const state = new Map<Node, 'waiting' | 'done'>()
  for (const root of nodes) {
    // Depth first with a stack of its own: a chain may have more nodes than calls can be nested.
    const stack = [root]
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const missing = state.get(node) === 'done' ? [] : missingBefore(node, index.producer, state)
      const circular = missing.find((before) => state.get(before) === 'waiting')
      if (circular) throw cycle(circular)
      if (missing.length > 0) {
        state.set(node, 'waiting')
        stack.push(...missing.toReversed())
        continue
      }
      stack.pop()
      if (state.get(node) === 'done') continue
      state.set(node, 'done')
      sorted.push(node)
    }
  }
  return sorted
}

function missingBefore(
  node: Node,
  producer: (value: string) => Node | null,
  state: ReadonlyMap<Node, 'waiting' | 'done'>,
): Node[] {
  return node.inputs
    .map((value) => (value === '' ? null : producer(value)))
    .filter((before) => before !== null)
    .filter((before) => state.get(before) !== 'done')
}

function cycle(node: Node): AppError {
  return new AppError(
    'invalid-model',
    `Node “${node.name}” (${node.operator}) waits for its own output “${plainName(node.outputs[0] ?? '')}”: the graph has a cycle.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}
