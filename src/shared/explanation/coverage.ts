import { z } from 'zod'

/** What the compiler will do with one node of the model, known before anything runs. */
export const nodeTreatmentSchema = z.object({
  node: z.string(),
  operator: z.string(),
  /** `rule`: distributes relevance; `route`: moves it; `pass`: leaves it; `stripped`: removed; `constant`: no relevance; `off-path`: does not reach the logits; `stop`: gets no relevance, being a comparison or a step; `gradient`: the gradient in place of a missing rule, as asked; `missing`: refused. */
  kind: z.enum([
    'rule',
    'route',
    'pass',
    'stripped',
    'constant',
    'off-path',
    'stop',
    'gradient',
    'missing',
  ]),
  /** The rule's or route's name, or what to do when it is missing. */
  detail: z.string(),
})
export type NodeTreatment = z.infer<typeof nodeTreatmentSchema>

export const coverageSchema = z.object({
  nodes: z.array(nodeTreatmentSchema),
  supported: z.boolean(),
})
export type Coverage = z.infer<typeof coverageSchema>
