import { resolve } from 'node:path'
import { checkSpec } from '../shared/explanation/checkSpec'
import type { NodeTreatment } from '../shared/explanation/coverage'
import { onnxCompiler } from '../engine/compiler'
import { findCard, readCard } from '../engine/inference/cardFile'
import { choicesOf, defaultMethod, inspect as inspectModel } from '../engine/inference/inspect'
import { checkCard } from '../engine/inference/cardFile'
import { readModel } from '../engine/inference/modelFile'
import { quoted } from '../engine/onnx/names'
import { checkWithCard, checkWithGraph } from './classOutput'
import type { CommandContext } from './context'
import { parseOptions, required } from './options'
import { askedRules, ruleOptions } from './rules'
import { userFolder } from './subject'
import { formatTable } from './table'

/** Prints every node with the rule or route it gets, and what is missing. Nothing is explained. */
export async function inspect(args: readonly string[], { out }: CommandContext) {
  const options = parseOptions(args, {
    model: { type: 'string' },
    card: { type: 'string' },
    output: { type: 'string' },
    ...ruleOptions,
    json: { type: 'boolean' },
  })
  const path = resolve(userFolder(), required(options.model, 'model'))
  const rules = await askedRules(options)
  const model = await readModel(path)
  const found =
    options.card === undefined
      ? await findCard(path)
      : await readCard(resolve(userFolder(), options.card))
  const method = rules.method ?? found?.card.method ?? defaultMethod
  checkSpec({ ...rules, method, parameters: {} })
  if (found) checkWithCard(options.output, found.card)
  const choices = found ? choicesOf(found.card) : { outputName: options.output }
  const graph = await inspectModel(onnxCompiler, model, { ...rules, method }, choices)
  checkWithGraph(options.output, graph, model.name)
  if (found) checkCard(found.card, model.sha256, graph)
  const { nodes, supported } = graph.coverage
  if (options.json) {
    const { name, sha256 } = model
    const report = {
      model: { name, sha256, bytes: model.size },
      ...rules,
      method,
      ...graph,
      card: found,
    }
    out(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  const named = (kind: NodeTreatment['kind']) =>
    nodes.filter((node) => node.kind === kind).map(({ node, operator }) => `${node} (${operator})`)
  const missing = named('missing')
  const byGradient = named('gradient')
  const by = rules.composite ? `the composite “${rules.composite.name}”` : method
  const gradient =
    byGradient.length === 0
      ? ''
      : `, ${byGradient.length} of them by the gradient in place of a rule: ${byGradient.join(', ')}`
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
  if (graph.classOutputs.length > 1 && options.output === undefined && !found)
    out(
      `Outputs that may hold the classes: ${quoted(graph.classOutputs)}. This is about ${quoted([graph.output])}; --output NAME is for another.\n`,
    )
  out(
    supported
      ? `All ${nodes.length} nodes are covered by ${by}${gradient}.\n`
      : `${missing.length} of ${nodes.length} nodes cannot be explained by ${by}: ${missing.join(', ')}.\n`,
  )
}
