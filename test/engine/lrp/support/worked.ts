import { expect, test } from 'vitest'
import { int } from '../../../../src/engine/onnx/attributes'
import type { Attribute } from '../../../../src/engine/onnx/model'
import { explained } from '../transformers/explained'
import { SmallNetwork } from './smallNetwork'

/**
 * An operator between the input and a logit Σ w_j y_j without bias: R_j = w_j y_j arrives at its output. With
 * nothing stabilised, what goes on can be worked out in whole numbers.
 */
export interface Worked {
  readonly name: string
  readonly x: readonly number[]
  /** Without the batch; a row of numbers when absent. */
  readonly shape?: readonly number[]
  /** Of the file; 17 when absent. */
  readonly opset?: number
  readonly write: (net: SmallNetwork) => string
  readonly weights: readonly number[]
  readonly relevance: readonly number[]
  readonly unexplained?: number
}

/** Constant inputs: whole numbers. */
export const whole = (net: SmallNetwork, ...lists: (readonly number[])[]): string[] =>
  lists.map((list, at) => net.integers(`list ${at} ${list.join()}`, list))

type Attributes = Readonly<Record<string, Attribute>>

/** A node of the input and of lists of whole numbers. */
export const of =
  (operator: string, lists: readonly (readonly number[])[], attributes: Attributes = {}) =>
  (net: SmallNetwork): string =>
    net.node(operator, ['input', ...whole(net, ...lists)], attributes)

/** The first and the second half of a row. */
export const halves = (net: SmallNetwork): [string, string] => {
  net.node('Split', ['input'], { axis: int(1) }, 'split', ['a', 'b'])
  return ['a', 'b']
}

/** The operator, flattened, times the weights. */
function network({ x, shape = [x.length], opset, write, weights }: Worked): Uint8Array {
  const net = new SmallNetwork(shape, opset)
  const flat = net.node('Reshape', [write(net), net.integers('flat', [1, weights.length])])
  return net.finish(net.node('MatMul', [flat, net.floats('w', [weights.length, 1], weights)]))
}

/** A test for each: relevance, and what the ledger calls unexplained. */
export function testWorked(all: readonly Worked[]): void {
  test.each(all.map((worked) => [worked.name, worked] as const))('%s', async (_, worked) => {
    const { relevance, entries } = await explained(
      network(worked),
      'attn-lrp',
      Float32Array.from(worked.x),
      { mask: [1] },
    )
    for (const [at, expected] of worked.relevance.entries())
      expect(relevance[at]).toBeCloseTo(expected, 4)
    const unexplained = entries.reduce((sum, entry) => sum + entry.unexplained, 0)
    expect(unexplained).toBeCloseTo(worked.unexplained ?? 0, 4)
  })
}
