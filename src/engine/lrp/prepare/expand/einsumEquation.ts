import { string, stringOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { ownPrefix } from '../../../onnx/names'
import type { NodeFacts } from '../../operators/operator'
import { broadcast, type Draft } from '../nodeWriter'

/** An equation, `…ab,…bc->…ac`; each axis has a letter, or is one of those that … stands for. */
export interface Equation {
  readonly terms: readonly (readonly string[])[]
  readonly result: readonly string[]
}

const ellipsis = '…'

/** Letters of each term, … as one; null for what is no equation. */
export function readEquation(node: Node): Equation | null {
  const text = stringOf(node, 'equation', '').replaceAll(/\s/g, '').replaceAll('...', ellipsis)
  const [left = '', right, more] = text.split('->')
  const terms = left.split(',').map((term) => [...term])
  if (more !== undefined || terms.length !== node.inputs.length) return null
  const letters = terms.flat()
  // Without an arrow: … and what occurs once, in the order of the alphabet.
  const once = [...new Set(letters)].filter((letter) => letters.filter((l) => l === letter).length === 1) // prettier-ignore
  const implied = [
    ...(letters.includes(ellipsis) ? [ellipsis] : []),
    ...once.filter((letter) => letter !== ellipsis).toSorted(),
  ]
  return { terms, result: right === undefined ? implied : [...right] }
}

/** Every axis by a label of its own: those that … stands for, counted from the last. */
export function labels(term: readonly string[], rank: number): string[] {
  const hidden = rank - (term.length - 1)
  return term.flatMap((label) =>
    label === ellipsis
      ? Array.from({ length: hidden }, (_, at) => `${ellipsis}${hidden - 1 - at}`)
      : [label],
  )
}

/**
 * An Einsum of more than two operands as several of two, from the left to the right; what neither a later operand nor
 * the result knows is summed at once. Constants before the first activation follow it, the nearest first, so that each
 * is the weights of a layer.
 * @returns the last under the node's own name; other nodes as they are.
 */
export function inPairs(node: Node, { isConstant }: Pick<NodeFacts, 'isConstant'>): Node[] {
  const equation = node.operator === 'Einsum' && node.domain === '' ? readEquation(node) : null
  if (!equation || equation.terms.length <= 2) return [node]
  const operands = equation.terms.map((term, at) => ({ value: node.inputs[at] ?? '', term }))
  const start = Math.max(
    0,
    operands.findIndex(({ value }) => !isConstant(value)),
  )
  const [first, ...others] = [
    ...operands.slice(0, start + 1).toReversed(),
    ...operands.slice(start + 1),
  ]
  const written: Node[] = []
  let joined = first ?? { value: '', term: [] }
  for (const [at, next] of others.entries()) {
    const isLast = at === others.length - 1
    const later = new Set([...equation.result, ...others.slice(at + 1).flatMap(({ term }) => term)])
    const known = [...new Set([...joined.term, ...next.term])]
    const term = isLast ? equation.result : known.filter((label) => later.has(label))
    const name = isLast ? node.name : `${node.name}/pair:${at}`
    const value = isLast ? (node.outputs[0] ?? '') : `${ownPrefix}${name}`
    const sides = [joined.term, next.term].map((side) => side.join('')).join(',')
    written.push({
      ...node,
      name,
      inputs: [joined.value, next.value],
      outputs: [value],
      attributes: new Map([['equation', string(`${sides}->${term.join('')}`)]]),
    })
    joined = { value, term }
  }
  return written
}

/** Notes the shape of what a node of `inPairs` puts out. */
export function noteShape(node: Node, { constants, shapes }: Draft): void {
  const [output = ''] = node.outputs
  const equation = shapes.has(output) ? null : readEquation(node)
  if (!equation) return
  const dims = node.inputs.map((value) => shapes.get(value) ?? constants.get(value)?.dims ?? [])
  const sizes = new Map<string, number>()
  const hidden: (readonly number[])[] = []
  for (const [at, term] of equation.terms.entries()) {
    const shape = dims[at] ?? []
    const own = labels(term, shape.length)
    for (const [axis, label] of own.entries()) {
      if (term.includes(label)) sizes.set(label, Math.max(sizes.get(label) ?? 1, shape[axis] ?? 1))
    }
    hidden.push(shape.filter((_, axis) => !term.includes(own[axis] ?? '')))
  }
  const shape = equation.result.flatMap((label) =>
    label === ellipsis ? hidden.reduce(broadcast, []) : [sizes.get(label) ?? 1],
  )
  shapes.set(output, shape)
}
