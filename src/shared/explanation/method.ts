import { z } from 'zod'

/** Names as in docs/conventions.md; the command line uses the same words. */
export const methodNames = [
  'zero',
  'epsilon',
  'epsilon-plus',
  'epsilon-plus-flat',
  'epsilon-alpha2-beta1',
  'epsilon-alpha2-beta1-flat',
  'epsilon-gamma-box',
  'excitation-backprop',
  'gradient',
  'input-x-gradient',
] as const
export const methodNameSchema = z.enum(methodNames)
export type MethodName = z.infer<typeof methodNameSchema>

const bound = z.union([z.number().finite(), z.array(z.number().finite()).min(1).max(64)])

export const methodParametersSchema = z.object({
  /** Stabiliser of the epsilon rule; default 1e-6. */
  epsilon: z.number().finite().min(0).max(1e6).optional(),
  /** Share by which the gamma rule favours positive weights; default 0.25. */
  gamma: z.number().finite().min(0).max(1e6).optional(),
  /** Lowest input value (after preprocessing), one number or one per channel; for zBox. */
  low: bound.optional(),
  /** Highest input value (after preprocessing), one number or one per channel; for zBox. */
  high: bound.optional(),
})
export type MethodParameters = z.infer<typeof methodParametersSchema>

export type ParameterName = keyof MethodParameters

/** The parameters that decide a method's numbers; the others mean nothing to it. */
export function parametersOf(method: MethodName): readonly ParameterName[] {
  if (method === 'epsilon-gamma-box') return ['epsilon', 'gamma', 'low', 'high']
  return method.startsWith('epsilon') ? ['epsilon'] : []
}

/** What is asked: "why A", or "why A and not B". Indices count logits from 0. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('top') }),
  z.object({ kind: z.literal('class'), index: z.number().int().min(0) }),
  z.object({
    kind: z.literal('contrast'),
    index: z.number().int().min(0),
    against: z.number().int().min(0),
  }),
])
export type Target = z.infer<typeof targetSchema>

/** A start of `logit` gives the class its logit as relevance, `unit` gives it 1. */
export const startSchema = z.enum(['logit', 'unit'])
export type Start = z.infer<typeof startSchema>

/** Where on the image: all of it, or the one tile whose upper left corner is (x, y), in image pixels. */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole') }),
  z.object({ kind: z.literal('tile'), x: z.number().int(), y: z.number().int() }),
])
export type Scope = z.infer<typeof scopeSchema>

export const explanationSpecSchema = z.object({
  method: methodNameSchema,
  parameters: methodParametersSchema,
  target: targetSchema,
  start: startSchema,
  scope: scopeSchema,
})
export type ExplanationSpec = z.infer<typeof explanationSpecSchema>

/** Gradient methods measure sensitivity; they do not distribute relevance, so they keep no ledger. */
export function keepsLedger(method: MethodName): boolean {
  return method !== 'gradient' && method !== 'input-x-gradient'
}
