import type { Node } from '../onnx/model'
import type { LayerPlace } from './composites'

/**
 * "First" by topology: a layer is first when no path from the input to it crosses another one.
 * @param isLinear tells the parametrised linear layers.
 */
export function findPlaces(
  nodes: readonly Node[],
  isLinear: (node: Node) => boolean,
): Map<string, LayerPlace> {
  const behindLinear = new Set<string>()
  const behindConvolution = new Set<string>()
  const places = new Map<string, LayerPlace>()
  for (const node of nodes) {
    const linear = isLinear(node)
    const convolution = linear && node.operator === 'Conv'
    const afterLinear = node.inputs.some((input) => behindLinear.has(input))
    const afterConvolution = node.inputs.some((input) => behindConvolution.has(input))
    if (linear) {
      places.set(node.name, {
        convolution,
        first: !afterLinear,
        firstConvolution: convolution && !afterConvolution,
      })
    }
    for (const output of node.outputs) {
      if (linear || afterLinear) behindLinear.add(output)
      if (convolution || afterConvolution) behindConvolution.add(output)
    }
  }
  return places
}
