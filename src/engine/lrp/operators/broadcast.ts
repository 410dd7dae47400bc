import { manyTimes, sizeOf } from '../network'
import { relevanceOf, type Signal } from '../signal'
import type { BackwardContext } from './operator'

/** Sums a tensor in the shape of the output over what was repeated to get there from the input's shape. */
export function unbroadcast(
  tensor: string,
  from: readonly number[],
  to: readonly number[],
  { builder, starts }: Pick<BackwardContext, 'builder' | 'starts'>,
): string {
  if (from.length === to.length && sizeOf(from) === sizeOf(to)) return tensor
  const lead = from.length - to.length
  const axes = from
    .map((_, axis) => axis)
    // Nothing was repeated along an axis of 1, which may hold the rows of several starts.
    .filter((axis) => from[axis] !== 1 && (axis < lead || to[axis - lead] === 1))
  const summed = axes.length === 0 ? tensor : builder.reduceSum(tensor, axes, true)
  return lead === 0 ? summed : builder.reshape(summed, manyTimes(to, starts))
}

/** Relevance as it is; summed up where the input was repeated. */
export function passed(
  signal: Signal,
  input: readonly number[],
  output: readonly number[],
  context: BackwardContext,
): Signal {
  if (sizeOf(input) === sizeOf(output) && input.length === output.length) return signal
  return {
    factor: unbroadcast(relevanceOf(context.builder, signal), output, input, context),
    carrier: null,
  }
}
