import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node } from '../../../src/engine/onnx/model'
import { sortNodes } from '../../../src/engine/onnx/sortNodes'

/** Node k makes the value k. */
const node = (number: number, reads: readonly number[]): Node => ({
  name: `n${number}`,
  operator: 'Sum',
  domain: '',
  inputs: reads.map(String),
  outputs: [String(number)],
  attributes: new Map(),
})

const names = (nodes: readonly Node[]) => nodes.map(({ name }) => name)

describe('sortNodes', () => {
  test('any order of an acyclic graph becomes one in which nothing is read before it is made', () => {
    const graph = fc
      .array(fc.array(fc.nat({ max: 1000 }), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
      .map((reads) => reads.map((from, k) => node(k, k === 0 ? [] : from.map((at) => at % k))))
      .chain((nodes) =>
        fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }),
      )
    fc.assert(
      fc.property(graph, (nodes) => {
        const made = new Set<string>()
        for (const { inputs, outputs } of sortNodes(nodes)) {
          expect(inputs.every((input) => made.has(input))).toBe(true)
          for (const output of outputs) made.add(output)
        }
        expect(made.size).toBe(nodes.length)
      }),
      { seed: 3 },
    )
  })

  test('what is in order stays as it is', () => {
    const nodes = [node(0, []), node(2, [0]), node(1, [0]), node(3, [1, 2])]
    expect(names(sortNodes(nodes))).toEqual(['n0', 'n2', 'n1', 'n3'])
  })

  test('a chain longer than calls can be nested, filed backwards', () => {
    const chain = Array.from({ length: 50_000 }, (_, k) => node(k, k === 0 ? [] : [k - 1]))
    expect(sortNodes(chain.toReversed())).toEqual(chain)
  })

  test.each([
    ['a node that reads itself', [node(0, [0])], /“n0”/],
    ['two that wait for each other', [node(0, [1]), node(1, [0])], /“n[01]”/],
    ['a ring behind a proper node', [node(0, []), node(1, [0, 3]), node(2, [1]), node(3, [2])], /“n[123]”/], // prettier-ignore
  ])('%s is a cycle', (_, nodes, named) => {
    expect(() => sortNodes(nodes)).toThrow(
      expect.objectContaining({ code: 'invalid-model', message: expect.stringMatching(named) }),
    )
  })
})
