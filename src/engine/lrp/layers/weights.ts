import { floatsOf } from '../../onnx/elements'
import type { Tensor } from '../../onnx/model'
import type { GraphBuilder } from '../builder'

/** What a rule does to weights (and, where it says so, to biases) before they are used. */
export interface WeightTransform {
  readonly key: string
  readonly of: (weight: number) => number
}

export const asIs: WeightTransform = { key: 'w', of: (w) => w }
export const plus: WeightTransform = { key: 'w+', of: (w) => Math.max(w, 0) }
export const minus: WeightTransform = { key: 'w-', of: (w) => Math.min(w, 0) }
export const absolute: WeightTransform = { key: '|w|', of: Math.abs }
export const square: WeightTransform = { key: 'w2', of: (w) => w * w }
export const one: WeightTransform = { key: '1', of: () => 1 }

/** A transform times a number. */
export function multiple(transform: WeightTransform, times: number): WeightTransform {
  return times === 1
    ? transform
    : { key: `${times}·${transform.key}`, of: (w) => times * transform.of(w) }
}

/** w + γ·w⁺ */
export function favourPlus(gamma: number): WeightTransform {
  return { key: `w+${gamma}w+`, of: (w) => w + gamma * Math.max(w, 0) }
}

/** w + γ·w⁻ */
export function favourMinus(gamma: number): WeightTransform {
  return { key: `w+${gamma}w-`, of: (w) => w + gamma * Math.min(w, 0) }
}

/** The names of a layer's weights as they are and transformed, each made once. */
export function transformedWeights(
  builder: GraphBuilder,
  weight: Tensor,
): (transform: WeightTransform) => string {
  const values = floatsOf(weight)
  return ({ key, of }) =>
    key === asIs.key
      ? weight.name
      : builder.tensor(`${weight.name}|${key}`, () => ({
          dims: weight.dims,
          values: values.map(of),
        }))
}
