import { describe, expect, test } from 'vitest'
import { float, int } from '../../../src/engine/onnx/attributes'
import { inlineFunctions, type Call, type FunctionBody } from '../../../src/engine/onnx/inlineFunctions' // prettier-ignore
import type { Node } from '../../../src/engine/onnx/model'
import { node } from './support/handModel'

const call = (made: Node, references: Record<string, string> = {}, overload = ''): Call => ({
  node: made,
  overload,
  references: new Map(Object.entries(references)),
})

const body = (name: string, change: Partial<FunctionBody>): FunctionBody => ({
  domain: 'pkg',
  name,
  overload: '',
  inputs: [],
  outputs: [],
  defaults: new Map(),
  calls: [],
  opsets: new Map([['', 17]]),
  ...change,
})

const opsets = new Map([['', 17]])
const inline = (calls: readonly Call[], functions: readonly FunctionBody[]): Node[] =>
  inlineFunctions(calls, functions, opsets, ['x', 'w'])

const scaled = body('scaled', {
  inputs: ['in', 'by'],
  outputs: ['out'],
  defaults: new Map([['slope', float(0.1)]]),
  calls: [
    call(node('Mul', ['in', 'by'], 'inner')),
    call(node('LeakyRelu', ['inner'], 'out'), { alpha: 'slope', beta: 'unknown' }),
  ],
})

describe('functions of a model’s own', () => {
  test('take the place of their calls: names, attributes and defaults handed in', () => {
    const calls = [
      call({ ...node('pkg.scaled', ['x', 'w'], 'a'), name: 'first' }),
      call({ ...node('pkg.scaled', ['a', 'w'], 'b', { slope: float(0.5) }), name: 'second' }),
    ]
    expect(inline(calls, [scaled])).toEqual([
      { ...node('Mul', ['x', 'w'], 'first/inner'), name: 'first/inner' },
      { ...node('LeakyRelu', ['first/inner'], 'a', { alpha: float(0.1) }), name: 'first/out' },
      { ...node('Mul', ['a', 'w'], 'second/inner'), name: 'second/inner' },
      { ...node('LeakyRelu', ['second/inner'], 'b', { alpha: float(0.5) }), name: 'second/out' },
    ])
  })

  test('call each other, hand through what they were given, and leave inputs out', () => {
    const outer = body('outer', {
      inputs: ['p', 'q', 'bias'],
      outputs: ['r', 'p'],
      calls: [
        call(node('pkg.scaled', ['p', 'q'], 's')),
        call(node('Gemm', ['s', 'q', 'bias'], 'r')),
      ],
    })
    const nodes = inline(
      [call({ ...node('pkg.outer', ['x', 'w'], ['y', 'same']), name: 'o' })],
      [scaled, outer],
    )
    expect(nodes.map(({ operator, inputs, outputs }) => [operator, inputs, outputs])).toEqual([
      ['Mul', ['x', 'w'], ['o/s/inner']],
      ['LeakyRelu', ['o/s/inner'], ['o/s']],
      ['Gemm', ['o/s', 'w', ''], ['y']],
      ['Identity', ['x'], ['same']],
    ])
  })

  test('an inner name that the graph has, too, becomes another', () => {
    const calls = [
      call({ ...node('pkg.scaled', ['x', 'w'], 'a'), name: 'first' }),
      call(node('Relu', ['a'], 'first/inner')),
    ]
    const made = inline(calls, [scaled]).flatMap(({ outputs }) => outputs)
    expect(new Set(made).size).toBe(made.length)
    expect(made).toContain('first/inner')
  })

  test('are told apart by overload, and do not stand in for operators of another domain', () => {
    const twice = body('f', { inputs: ['a'], outputs: ['b'], overload: 'twice', calls: [call(node('Add', ['a', 'a'], 'b'))] }) // prettier-ignore
    const plain = body('f', { inputs: ['a'], outputs: ['b'], calls: [call(node('Relu', ['a'], 'b'))] }) // prettier-ignore
    const nodes = inline(
      [
        call(node('pkg.f', ['x'], 'y'), {}, 'twice'),
        call(node('pkg.f', ['x'], 'z')),
        call(node('other.f', ['x'], 'q')),
      ],
      [plain, twice],
    )
    expect(nodes.map(({ operator }) => operator)).toEqual(['Add', 'Relu', 'f'])
  })

  test.each<[string, readonly FunctionBody[]]>([
    ['itself', [body('f', { calls: [call(node('pkg.f', [], []))] })]],
    [
      'another that calls it',
      [
        body('f', { calls: [call(node('pkg.g', [], []))] }),
        body('g', { calls: [call(node('pkg.f', [], []))] }),
      ],
    ],
    [
      'more nodes than any network has, each function ten of the next',
      Array.from({ length: 20 }, (_, k) =>
        body(k === 0 ? 'f' : `f${k}`, {
          calls: Array.from({ length: 10 }, () => call(node(`pkg.f${k + 1}`, [], []))),
        }),
      ),
    ],
  ])('a function that calls %s is refused', (_, functions) => {
    const made = [call({ ...node('pkg.f', ['x'], 'y'), name: 'endless' })]
    expect(() => inline(made, functions)).toThrow(
      expect.objectContaining({
        code: 'invalid-model',
        message: expect.stringMatching(/^Node “endless.*calls functions without an end/),
      }),
    )
  })

  test('one in another operator set is refused by name', () => {
    const old = body('old', { opsets: new Map([['', 13]]), calls: [] })
    expect(() => inline([call({ ...node('pkg.old', ['x'], 'y'), name: 'n' })], [old])).toThrow(
      /“n” calls the function “old”, which is written in operator set 13 while the model is in 17/,
    )
  })

  test('nodes get names of their own', () => {
    const calls = ['a', 'b', 'c'].map((out) =>
      call({ ...node('Relu', ['x'], out, { k: int(1) }), name: 'same' }),
    )
    expect(inline(calls, []).map(({ name }) => name)).toEqual(['same', 'same#2', 'same#3'])
  })
})
