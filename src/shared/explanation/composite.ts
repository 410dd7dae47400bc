import { z } from 'zod'
import { boxProblem } from './box'

const share = z.number().finite().min(0).max(1e6)
const bound = z.union([z.number().finite(), z.array(z.number().finite()).min(1).max(64)])

/** A rule of docs/conventions.md with its parameters, each at its default where it is left out. */
export const ruleSpecSchema = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('zero') }),
  z.strictObject({ rule: z.literal('epsilon'), epsilon: share.default(1e-6) }),
  z.strictObject({ rule: z.literal('gamma'), gamma: share.default(0.25) }),
  /** α − β = 1. */
  z
    .strictObject({ rule: z.literal('alphaBeta'), alpha: share.min(1), beta: share })
    .refine(({ alpha, beta }) => Math.abs(alpha - beta - 1) < 1e-9, 'alpha − beta must be 1'),
  z.strictObject({ rule: z.literal('zPlus') }),
  /** Bounds of the network's input: one number, or one per channel. */
  z
    .strictObject({ rule: z.literal('zBox'), low: bound, high: bound })
    .superRefine(({ low, high }, context) => {
      const message = boxProblem(low, high)
      if (message !== null) context.addIssue({ code: 'custom', message })
    }),
  z.strictObject({ rule: z.literal('wSquare') }),
  z.strictObject({ rule: z.literal('flat') }),
])
export type RuleSpec = z.infer<typeof ruleSpecSchema>

/**
 * Which linear layers an entry is for; what is left out does not matter. `name` is the node's name in the
 * model, `*` standing for any characters; `from` and `to` count linear layers from the input, starting at 1.
 */
export const layerSelectorSchema = z
  .strictObject({
    layer: z.enum(['any', 'convolution', 'dense', 'first', 'firstConvolution']).default('any'),
    // Few stars: each one more makes a hostile pattern slower to match.
    name: z
      .string()
      .min(1)
      .max(500)
      .refine((name) => name.split('*').length <= 9, 'at most eight * in a name')
      .optional(),
    from: z.number().int().min(1).optional(),
    to: z.number().int().min(1).optional(),
  })
  .refine(({ from = 1, to = from }) => from <= to, 'from is above to, so it selects nothing')
export type LayerSelector = z.infer<typeof layerSelectorSchema>

/** Rules of one's own: an ordered list, the first entry that selects a layer decides. */
export const customCompositeSchema = z.strictObject({
  schema: z.literal('pixelwise-composite/1'),
  name: z.string().min(1).max(120),
  description: z.string().max(2000).default(''),
  layers: z
    .array(z.strictObject({ select: layerSelectorSchema, apply: ruleSpecSchema }))
    .min(1)
    .max(200),
  /** Relevance passes activations, or is multiplied by their derivative. */
  activations: z.enum(['pass', 'gradient']).default('pass'),
  /** Relevance passes normalisations, or goes through them as through affine layers, the deviation held constant. */
  normalisations: z.enum(['pass', 'affine']).default('pass'),
  /** Of two multiplied activations (attention) each gets half, or the attention matrix is held constant. */
  attention: z.enum(['half', 'constant']).default('half'),
})
export type CustomComposite = z.infer<typeof customCompositeSchema>
