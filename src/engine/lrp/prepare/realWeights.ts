import { ancestorsOf } from '../../onnx/graphIndex'
import type { Model, Node } from '../../onnx/model'
import { computeConstants } from './evaluate'

/**
 * The model with weights that it keeps as whole numbers computed beforehand. ONNX Runtime would join their
 * DequantizeLinear with the product behind it and round the activations as well, though only the weights
 * were quantised.
 */
export async function withRealWeights(model: Model): Promise<Model> {
  const { graph } = model
  const fixed = new Set(graph.initializers.keys())
  const constantNodes: Node[] = []
  for (const node of graph.nodes) {
    if (!node.inputs.every((input) => input === '' || fixed.has(input))) continue
    constantNodes.push(node)
    for (const output of node.outputs) fixed.add(output)
  }
  const weights = constantNodes
    .filter(({ operator }) => operator === 'DequantizeLinear')
    .flatMap(({ outputs }) => outputs)
  if (weights.length === 0) return model
  const needed = new Set(weights.flatMap((weight) => ancestorsOf(constantNodes, weight)))
  const computed = await computeConstants(
    model,
    graph.initializers,
    constantNodes.filter((node) => needed.has(node)),
    weights,
  )
  const left = graph.nodes.filter((node) => !node.outputs.some((output) => computed.has(output)))
  const initializers = new Map([...graph.initializers, ...computed])
  return { ...model, graph: { ...graph, nodes: left, initializers } }
}
