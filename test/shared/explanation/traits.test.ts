import { describe, expect, it } from 'vitest'
import type { NodeTreatment } from '../../../src/shared/explanation/coverage'
import { traitsOf } from '../../../src/shared/explanation/traits'

/** Operators in their order; `Softmax:stripped` has another treatment than a rule. */
const network = (text: string) => ({
  supported: true,
  nodes: text.split(' ').map((word, at): NodeTreatment => {
    const [operator = '', kind] = word.split(':')
    return { node: `n${at}`, operator, kind: kind === 'stripped' ? kind : 'rule', detail: '' }
  }),
})

describe('what kind of network a model is', () => {
  it.each([
    ['Conv Relu MaxPool Flatten Gemm Softmax:stripped', 'convolutional'],
    ['Conv LayerNormalization MatMul Gelu MatMul Softmax:stripped', 'convolutional'],
    // A patch embedding is a convolution, and still attention decides.
    ['Conv LayerNormalization MatMul Softmax MatMul Add Gemm', 'transformer'],
    ['Conv Attention Gemm', 'transformer'],
    // No product before it: a softmax over channels.
    ['Conv Softmax Mul Flatten MatMul Softmax:stripped', 'convolutional'],
    ['Flatten MatMul Relu MatMul Softmax', 'other'],
    ['Flatten Gemm Tanh Gemm', 'other'],
  ])('%s', (text, family) => {
    expect(traitsOf(network(text)).family).toBe(family)
  })

  it('and whether it normalises locally', () => {
    expect(traitsOf(network('Conv LRN Gemm')).localNormalisation).toBe(true)
    expect(traitsOf(network('Conv Relu Gemm')).localNormalisation).toBe(false)
  })
})
