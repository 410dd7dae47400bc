import { z } from 'zod'
import type { Coverage, NodeTreatment } from './coverage'

export const modelTraitsSchema = z.object({
  /** `transformer`: attention somewhere; `convolutional`: convolutions and no attention. */
  family: z.enum(['transformer', 'convolutional', 'other']),
  /** Local response normalisation, so that its treatment decides something. */
  localNormalisation: z.boolean(),
})
export type ModelTraits = z.infer<typeof modelTraitsSchema>

const products = new Set(['MatMul', 'Einsum', 'QLinearMatMul'])
const attention = new Set(['Attention', 'MultiHeadAttention'])
const convolutions = new Set(['Conv', 'ConvInteger', 'QLinearConv', 'FusedConv'])
const idle: ReadonlySet<NodeTreatment['kind']> = new Set(['stripped', 'constant', 'off-path'])

/** What kind of network it is, as far as a choice of methods goes; read from its nodes in their order. */
export function traitsOf({ nodes }: Coverage): ModelTraits {
  const working = nodes.filter(({ kind }) => !idle.has(kind)).map(({ operator }) => operator)
  const first = working.findIndex((operator) => products.has(operator))
  const last = working.findLastIndex((operator) => products.has(operator))
  // Attention weighs values by a softmax of products; the softmax at the end is stripped.
  const attends = working.some(
    (operator, at) =>
      attention.has(operator) || (operator === 'Softmax' && first >= 0 && first < at && at < last),
  )
  const convolves = working.some((operator) => convolutions.has(operator))
  return {
    family: attends ? 'transformer' : convolves ? 'convolutional' : 'other',
    localNormalisation: working.includes('LRN'),
  }
}
