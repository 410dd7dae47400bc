import { AppError } from '../../shared/errors'
import type { Graph } from './model'
import { ownPrefix, plainName } from './names'

/**
 * What the compiler takes for granted of a graph: every value is made exactly once, before it is used,
 * as the ONNX specification asks; so there are no cycles either. And no name is one of our own.
 * @throws AppError `invalid-model` naming the node and the value.
 */
export function checkGraph(graph: Graph): void {
  const made = new Set([...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)])
  for (const name of made)
    if (name.startsWith(ownPrefix)) throw broken('The model', 'uses, though it is reserved,', name)
  for (const node of graph.nodes) {
    const here = `Node “${node.name}” (${node.operator})`
    for (const input of node.inputs) {
      if (input !== '' && !made.has(input))
        throw broken(here, 'reads, before any node makes it,', input)
    }
    for (const output of node.outputs) {
      if (output === '') continue
      if (made.has(output)) throw broken(here, 'makes a second time', output)
      if (output.startsWith(ownPrefix)) throw broken(here, 'uses, though it is reserved,', output)
      made.add(output)
    }
  }
}

function broken(who: string, does: string, value: string): AppError {
  return new AppError(
    'invalid-model',
    `${who} ${does} the value “${plainName(value)}”.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}
