import type { Node } from './model'

/** Who makes a value and who uses it. */
export interface GraphIndex<N extends Node = Node> {
  producer(value: string): N | null
  consumers(value: string): readonly N[]
}

export function indexGraph<N extends Node>(nodes: readonly N[]): GraphIndex<N> {
  const producers = new Map<string, N>()
  const consumers = new Map<string, N[]>()
  for (const node of nodes) {
    for (const output of node.outputs) if (output !== '') producers.set(output, node)
    for (const input of new Set(node.inputs)) {
      if (input === '') continue
      const list = consumers.get(input)
      if (list) list.push(node)
      else consumers.set(input, [node])
    }
  }
  return {
    producer: (value) => producers.get(value) ?? null,
    consumers: (value) => consumers.get(value) ?? [],
  }
}

/** The nodes that some values depend on, in the order of the file (ONNX files are sorted topologically). */
export function ancestorsOf<N extends Node>(
  nodes: readonly N[],
  ...targets: readonly string[]
): N[] {
  const wanted = new Set(targets)
  const kept: N[] = []
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue
    kept.push(node)
    for (const input of node.inputs) wanted.add(input)
  }
  return kept.toReversed()
}
