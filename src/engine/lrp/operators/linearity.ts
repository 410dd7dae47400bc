import type { Node } from '../../onnx/model'

/** Something that is added to what is linear: value (± sign) at the sum that it is part of. */
export interface Summand {
  readonly sum: string
  readonly value: string
  readonly sign: 1 | -1
}

/** What of a function is linear in its source once the rest is held constant. */
export interface Linearity {
  /** The source, and the values that are a linear function of it plus summands. */
  readonly linear: ReadonlySet<string>
  /** Values that bend the source: deviations, their reciprocals, and what divides. */
  readonly held: ReadonlySet<string>
  readonly summands: readonly Summand[]
}

/** They move, repeat or add up numbers of one value. */
const moving = new Set([
  'ReduceMean', 'ReduceSum', 'GlobalAveragePool', 'Neg', 'Identity', 'Cast', 'Reshape', 'Transpose', 'Expand',
  'Squeeze', 'Unsqueeze', 'Flatten',
]) // prettier-ignore

/**
 * Divides the values that nodes make of one source into what is linear in it and what is held constant. A
 * product of two linear values bends the source, as does any other function of one; a divisor is held.
 */
export function linearity(nodes: readonly Node[], source: string): Linearity {
  const linear = new Set([source])
  const held = new Set<string>()
  const summands: Summand[] = []
  for (const { operator, inputs, outputs } of nodes) {
    const [output = ''] = outputs
    const [a = '', b = ''] = inputs
    const linears = inputs.filter((value) => linear.has(value))
    if (linears.length === 0) {
      if (inputs.some((value) => held.has(value))) held.add(output)
      continue
    }
    if (operator === 'Add' || operator === 'Sub' || operator === 'Sum') {
      linear.add(output)
      for (const [at, value] of inputs.entries()) {
        if (linear.has(value)) continue
        summands.push({ sum: output, value, sign: operator === 'Sub' && at === 1 ? -1 : 1 })
      }
    } else if (operator === 'Mul' && linears.length === 1) linear.add(output)
    else if (operator === 'Div' && linear.has(a)) {
      linear.add(output)
      if (linear.has(b)) held.add(b)
    } else if (moving.has(operator) && linear.has(a)) linear.add(output)
    else held.add(output)
  }
  return { linear, held, summands }
}
