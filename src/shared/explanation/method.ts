import { z } from 'zod'
import { customCompositeSchema } from './composite'

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
  'attn-lrp',
  'cp-lrp',
  'custom',
  'gradient',
  'input-x-gradient',
  'integrated-gradients',
  'smoothgrad',
  'guided-backprop',
  'deconvnet',
  'taylor',
  'occlusion',
] as const
export const methodNameSchema = z.enum(methodNames)
export type MethodName = z.infer<typeof methodNameSchema>

/** Methods that measure sensitivity or differences instead of distributing relevance: no ledger. */
const withoutLedger: ReadonlySet<MethodName> = new Set([
  'gradient',
  'input-x-gradient',
  'integrated-gradients',
  'smoothgrad',
  'guided-backprop',
  'deconvnet',
  'taylor',
  'occlusion',
])

/** Whether a method distributes relevance layer by layer, and so keeps a ledger. */
export function keepsLedger(method: MethodName): boolean {
  return !withoutLedger.has(method)
}

const manyPasses = ['integrated-gradients', 'smoothgrad', 'taylor', 'occlusion'] as const
export type ManyPassesMethod = (typeof manyPasses)[number]

/** Whether one pass back through the network makes the map, so that relevance can be read inside it. */
export function hasSinglePass(method: MethodName): method is Exclude<MethodName, ManyPassesMethod> {
  return !manyPasses.some((name) => name === method)
}

const bound = z.union([z.number().finite(), z.array(z.number().finite()).min(1).max(64)])

/** What local response normalisation does to relevance. */
export const lrnTreatments = ['identity', 'taylor', 'gradient'] as const

/** What an image without the object looks like, in the units of the network's input. */
export const baselines = ['zero', 'mean', 'low', 'high', 'blur'] as const

export const methodParametersSchema = z.object({
  /** Stabiliser of the epsilon rule; default 1e-6. */
  epsilon: z.number().finite().min(0).max(1e6).optional(),
  /** Share by which the gamma rule favours positive weights; default 0.25. */
  gamma: z.number().finite().min(0).max(1e6).optional(),
  /** Lowest input value (after preprocessing), one number or one per channel; for zBox. */
  low: bound.optional(),
  /** Highest input value (after preprocessing), one number or one per channel; for zBox. */
  high: bound.optional(),
  /** Local response normalisation in relevance methods; default `identity`. */
  lrn: z.enum(lrnTreatments).optional(),
  /** Integrated gradients: points on the way from the baseline; default 20. Taylor: halvings of the search for the root; default 40. */
  steps: z.number().int().min(1).max(10_000).optional(),
  /** Integrated gradients, Taylor and occlusion: where the way begins, or what covers the patch; default `zero`. */
  baseline: z.enum(baselines).optional(),
  /** SmoothGrad: passes, the last one without noise; default 20. */
  samples: z.number().int().min(1).max(10_000).optional(),
  /** SmoothGrad: standard deviation of the noise over the input's range (largest − smallest value); default 0.1. */
  noise: z.number().finite().min(0).max(10).optional(),
  /** SmoothGrad: seed of the noise; default 0. */
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  /** Occlusion: side of the covered square in input pixels; default an eighth of the input's shorter side. */
  patch: z.number().int().min(1).max(4096).optional(),
  /** Occlusion: pixels between neighbouring squares; default half the square. */
  stride: z.number().int().min(1).max(4096).optional(),
})
export type MethodParameters = z.infer<typeof methodParametersSchema>

export type ParameterName = keyof MethodParameters

const parameters: Readonly<Record<MethodName, readonly ParameterName[]>> = {
  zero: ['lrn'],
  epsilon: ['epsilon', 'lrn'],
  'epsilon-plus': ['epsilon', 'lrn'],
  'epsilon-plus-flat': ['epsilon', 'lrn'],
  'epsilon-alpha2-beta1': ['epsilon', 'lrn'],
  'epsilon-alpha2-beta1-flat': ['epsilon', 'lrn'],
  'epsilon-gamma-box': ['epsilon', 'gamma', 'low', 'high', 'lrn'],
  'excitation-backprop': ['lrn'],
  'attn-lrp': [],
  'cp-lrp': [],
  custom: ['lrn'],
  gradient: [],
  'input-x-gradient': [],
  'integrated-gradients': ['steps', 'baseline'],
  smoothgrad: ['samples', 'noise', 'seed'],
  'guided-backprop': [],
  deconvnet: [],
  taylor: ['steps', 'baseline'],
  occlusion: ['patch', 'stride', 'baseline'],
}

/** The parameters that decide a method's numbers; the others mean nothing to it. */
export function parametersOf(method: MethodName): readonly ParameterName[] {
  return parameters[method]
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

/** What to do where an operator has no rule: refuse the model by its node, or take the gradient there and say so. */
export const missingRuleSchema = z.enum(['refuse', 'gradient'])
export type MissingRule = z.infer<typeof missingRuleSchema>

export const explanationSpecSchema = z.object({
  method: methodNameSchema,
  parameters: methodParametersSchema,
  /** The rules of the method `custom`. */
  composite: customCompositeSchema.optional(),
  /** Refused when absent. */
  missing: missingRuleSchema.optional(),
  target: targetSchema,
  start: startSchema,
  scope: scopeSchema,
})
export type ExplanationSpec = z.infer<typeof explanationSpecSchema>
