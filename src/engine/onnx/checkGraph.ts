import { AppError } from '../../shared/errors'
import { checkSizes } from './checkSizes'
import type { Graph } from './model'
import { ownPrefix, plainName } from './names'
import { sortNodes } from './sortNodes'

/**
 * The graph with its nodes in order, and all that the compiler takes for granted of it: every value is
 * made exactly once, by a node, an input or the weights; there are no cycles; no name is one of our own.
 * @throws AppError `invalid-model` naming the node and the value.
 */
export function checkGraph(graph: Graph): Graph {
  checkSizes(graph)
  const made = new Set(graph.initializers.keys())
  for (const { name } of graph.inputs) {
    if (made.has(name)) throw broken(`The model states its input “${plainName(name)}” twice`)
    made.add(name)
  }
  for (const name of made)
    if (name.startsWith(ownPrefix))
      throw broken(`The model uses the name “${plainName(name)}”, which is reserved`)
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output === '') continue
      const makes = `Node “${node.name}” (${node.operator}) makes the value “${plainName(output)}”`
      if (made.has(output)) throw broken(`${makes} a second time`)
      if (output.startsWith(ownPrefix)) throw broken(`${makes}, a name that is reserved`)
      made.add(output)
    }
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input === '' || made.has(input)) continue
      throw broken(
        `Node “${node.name}” (${node.operator}) reads the value “${plainName(input)}”, but the file has neither weights nor a node for it`,
      )
    }
  }
  return { ...graph, nodes: sortNodes(graph.nodes) }
}

function broken(what: string): AppError {
  return new AppError(
    'invalid-model',
    `${what}.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}
