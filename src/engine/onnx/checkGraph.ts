import { AppError } from '../../shared/errors'
import type { Graph } from './model'
import { ownPrefix, plainName } from './names'
import { sortNodes } from './sortNodes'

/**
 * The graph with its nodes in order, and all that the compiler takes for granted of it: every value is
 * made exactly once, by a node, an input or the weights; there are no cycles; no name is one of our own.
 * @throws AppError `invalid-model` naming the node and the value.
 */
export function checkGraph(graph: Graph): Graph {
  const made = new Set(graph.initializers.keys())
  for (const { name } of graph.inputs) {
    if (made.has(name)) throw broken('The model', 'states a second time its input,', name)
    made.add(name)
  }
  for (const name of made)
    if (name.startsWith(ownPrefix)) throw broken('The model', 'uses, though it is reserved,', name)
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output === '') continue
      const here = `Node “${node.name}” (${node.operator})`
      if (made.has(output)) throw broken(here, 'makes a second time', output)
      if (output.startsWith(ownPrefix)) throw broken(here, 'uses, though it is reserved,', output)
      made.add(output)
    }
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input === '' || made.has(input)) continue
      const here = `Node “${node.name}” (${node.operator})`
      throw broken(here, 'reads, though the file has neither weights nor a node for it,', input)
    }
  }
  return { ...graph, nodes: sortNodes(graph.nodes) }
}

function broken(who: string, does: string, value: string): AppError {
  return new AppError(
    'invalid-model',
    `${who} ${does} the value “${plainName(value)}”.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}
