import type { Node } from '../onnx/model'
import type { LayerPlace } from './composites'

export interface Places {
  /** Of the linear layers, by node name. */
  readonly layers: ReadonlyMap<string, LayerPlace>
  /** Names of the nodes that no linear layer lies before. */
  readonly beforeLayers: ReadonlySet<string>
}

/**
 * "First" by topology: a layer is first when no path from the input to it crosses another one.
 * @param isLinear tells the parametrised linear layers.
 */
export function findPlaces(nodes: readonly Node[], isLinear: (node: Node) => boolean): Places {
  const behindLinear = new Set<string>()
  const behindConvolution = new Set<string>()
  const layers = new Map<string, LayerPlace>()
  const beforeLayers = new Set<string>()
  for (const node of nodes) {
    const linear = isLinear(node)
    const convolution = linear && (node.operator === 'Conv' || node.operator === 'ConvTranspose')
    const afterLinear = node.inputs.some((input) => behindLinear.has(input))
    const afterConvolution = node.inputs.some((input) => behindConvolution.has(input))
    if (!afterLinear) beforeLayers.add(node.name)
    if (linear) {
      layers.set(node.name, {
        name: node.name,
        number: layers.size + 1,
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
  return { layers, beforeLayers }
}
