import { floatOf } from './attributes'
import { floatsOf } from './elements'
import { DataType, type Node, type Tensor } from './model'

/** y = x · scale + shift, one number per channel each. */
export interface Affine {
  readonly scale: Float32Array
  readonly shift: Float32Array
}

/** y = (x − mean) · scale / √(var + ε) + b. Null when a parameter is not constant. */
export function batchNormAffine(node: Node, constants: ReadonlyMap<string, Tensor>): Affine | null {
  const [scale, bias, mean, variance] = node.inputs
    .slice(1, 5)
    .map((name) => constants.get(name))
    .map((tensor) => (tensor?.dataType === DataType.float ? floatsOf(tensor) : null))
  if (!scale || !bias || !mean || !variance) return null
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const factor = scale.map((value, c) => value / Math.sqrt((variance[c] ?? 0) + epsilon))
  return { scale: factor, shift: factor.map((f, c) => (bias[c] ?? 0) - (mean[c] ?? 0) * f) }
}
