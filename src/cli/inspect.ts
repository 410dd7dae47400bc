import { resolve } from 'node:path'
import { onnxCompiler } from '../engine/compiler'
import { findCard, readCard } from '../engine/inference/cardFile'
import { defaultMethod, inspect as inspectModel } from '../engine/inference/inspect'
import { checkCard } from '../engine/inference/cardFile'
import { readModel } from '../engine/inference/modelFile'
import type { CommandContext } from './context'
import { parseMethod, parseOptions, required } from './options'
import { userFolder } from './subject'
import { formatTable } from './table'

/** Prints every node with the rule or route it gets, and what is missing. Nothing is run. */
export async function inspect(args: readonly string[], { out }: CommandContext) {
  const options = parseOptions(args, {
    model: { type: 'string' },
    card: { type: 'string' },
    method: { type: 'string' },
    json: { type: 'boolean' },
  })
  const path = resolve(userFolder(), required(options.model, 'model'))
  const asked = options.method === undefined ? null : parseMethod(options.method)
  const model = await readModel(path)
  const found =
    options.card === undefined
      ? await findCard(path)
      : await readCard(resolve(userFolder(), options.card))
  const method = asked ?? found?.card.method ?? defaultMethod
  const graph = await inspectModel(onnxCompiler, model, method, found?.card)
  if (found) checkCard(found.card, model.sha256, graph)
  const { nodes, supported } = graph.coverage
  if (options.json) {
    const { name, sha256 } = model
    const report = {
      model: { name, sha256, bytes: model.size },
      method,
      ...graph,
      card: found,
    }
    out(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  const missing = nodes.filter((node) => node.kind === 'missing')
  out(
    formatTable(
      [
        { title: 'node', align: 'left' },
        { title: 'operator', align: 'left' },
        { title: 'treatment', align: 'left' },
        { title: 'rule or route', align: 'left' },
      ],
      nodes.map(({ node, operator, kind, detail }) => [node, operator, kind, detail]),
    ),
  )
  out(
    supported
      ? `All ${nodes.length} nodes are covered by ${method}.\n`
      : `${missing.length} of ${nodes.length} nodes cannot be explained by ${method}: ${missing.map(({ node, operator }) => `${node} (${operator})`).join(', ')}.\n`,
  )
}
