import { z } from 'zod'

export const decisionSchema = z.enum(['agree', 'disagree', 'unsure'])
export type Decision = z.infer<typeof decisionSchema>

export const verdictSchema = z.object({
  decision: decisionSchema.nullable(),
  /** The class that would have been right, when the reviewer disagrees. Counts logits from 0. */
  correctClass: z.number().int().min(0).nullable(),
  /** How sure the reviewer is, 1 (guess) … 5 (certain). */
  confidence: z.number().int().min(1).max(5).nullable(),
  /** Asked apart from the decision: does the explanation look at the right things? */
  plausible: z.enum(['yes', 'partly', 'no']).nullable(),
  comment: z.string().max(20_000),
})
export type Verdict = z.infer<typeof verdictSchema>

export const emptyVerdict: Verdict = {
  decision: null,
  correctClass: null,
  confidence: null,
  plausible: null,
  comment: '',
}
