import { describe, expect, it } from 'vitest'
import type { NodeTreatment } from '../../../src/shared/explanation/coverage'
import { kindCounts, listNodes, treatmentText } from '../../../src/renderer/newSession/coverageList'

const node = (name: string, kind: NodeTreatment['kind'], detail = ''): NodeTreatment => ({
  node: name,
  operator: 'Conv',
  kind,
  detail,
})
const coverage = {
  supported: false,
  nodes: [
    node('a', 'constant', 'computed once'),
    node('b', 'rule', 'zPlus'),
    node('c', 'pass', 'part of an activation'),
    node('d', 'missing', 'no rule for Foo'),
    node('e', 'gradient', 'the gradient, as asked'),
  ],
}
const names = (nodes: readonly NodeTreatment[]) => nodes.map((found) => found.node).join('')

describe('the list of nodes', () => {
  it('begins with what needs a look, follows the model, and ends with constants', () => {
    expect(names(listNodes(coverage, '', null))).toBe('debca')
  })

  it('is searched by name, operator and treatment, and by kind', () => {
    expect(names(listNodes(coverage, ' ZPLUS ', null))).toBe('b')
    expect(names(listNodes(coverage, 'activation', null))).toBe('c')
    expect(names(listNodes(coverage, 'conv', null))).toBe('debca')
    expect(names(listNodes(coverage, '', 'constant'))).toBe('a')
    expect(names(listNodes(coverage, 'zPlus', 'constant'))).toBe('')
    expect(kindCounts(coverage).map(([kind]) => kind)).toEqual([
      'missing',
      'gradient',
      'rule',
      'pass',
      'constant',
    ])
  })

  it('says in words what becomes of a node', () => {
    expect(coverage.nodes.map(treatmentText)).toEqual([
      'constant: computed once',
      'rule: zPlus',
      'passes, part of an activation',
      '✕ missing: no rule for Foo',
      '! gradient: the gradient, as asked',
    ])
    expect(treatmentText(node('f', 'stop'))).toBe('gets no relevance')
    expect(treatmentText(node('g', 'pass', 'pass'))).toBe('passes')
    expect(treatmentText(node('h', 'pass', 'pass (constant divisor)'))).toBe(
      'passes (constant divisor)',
    )
  })
})
