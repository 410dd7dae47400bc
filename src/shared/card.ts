import { z } from 'zod'
import { methodNameSchema } from './explanation/method'
import { sha256Schema } from './hash'

const perChannel = z.array(z.number().finite()).min(1).max(4)

/**
 * How pixels become the network's input:
 * `input = (value · scale − mean) / std`, value in 0…255, per channel, in the order of `channels`.
 */
export const cardInputSchema = z.object({
  name: z.string().min(1),
  /** Pixels. */
  width: z.number().int().positive().max(16384),
  /** Pixels. */
  height: z.number().int().positive().max(16384),
  layout: z.enum(['NCHW', 'NHWC']),
  channels: z.enum(['RGB', 'BGR', 'GRAY']),
  scale: z.number().finite().positive(),
  mean: perChannel,
  std: perChannel,
})
export type CardInput = z.infer<typeof cardInputSchema>

/**
 * A model card: what an ONNX file does not say about itself.
 * It lies beside the model as `<name>.card.json`.
 */
export const modelCardSchema = z
  .object({
    name: z.string().min(1).max(200),
    version: z.string().min(1).max(50),
    file: z.string().optional(),
    sha256: sha256Schema.optional(),
    task: z.string().max(2000).default(''),
    labels: z.array(z.string().min(1).max(200)).min(1).max(100_000),
    input: cardInputSchema,
    output: z.object({
      name: z.string().min(1),
      kind: z.enum(['logits', 'probabilities']),
    }),
    /** `resize`: the whole image is warped to the input. `tile`: native resolution, input-sized tiles. */
    fit: z.enum(['resize', 'tile']).default('resize'),
    /** Tiles of the whole-image explanation lie this many pixels apart; a third of the input by default. */
    stride: z.number().int().positive().optional(),
    /** Micrometres per pixel of the images the model was made for. */
    micronsPerPixel: z.number().positive().optional(),
    method: methodNameSchema.optional(),
    architecture: z.string().max(5000).optional(),
    trainingData: z.string().max(20_000).optional(),
    evaluation: z.object({ text: z.string().max(20_000) }).optional(),
    limits: z.string().max(20_000).optional(),
    licence: z.string().max(20_000).optional(),
    source: z.string().max(5000).optional(),
  })
  .refine(
    (card) => {
      const count = card.input.channels === 'GRAY' ? 1 : 3
      return card.input.mean.length === count && card.input.std.length === count
    },
    { message: 'mean and std need one number per channel', path: ['input', 'mean'] },
  )
  .refine((card) => card.input.std.every((value) => value !== 0), {
    message: 'std must not be 0',
    path: ['input', 'std'],
  })
export type ModelCard = z.infer<typeof modelCardSchema>

/**
 * Distance in pixels between neighbouring tiles of the whole-image explanation: a third of the tile,
 * as in Bach et al. 2015, fig. 6 (tiles of 102, offset 34). Kept odd, so that the grid of a network's
 * strides of two falls differently in neighbouring tiles and averages out.
 */
export function tileStride(card: ModelCard): number {
  if (card.stride !== undefined) return card.stride
  const third = Math.floor(Math.min(card.input.width, card.input.height) / 3)
  return Math.max(1, third % 2 === 0 ? third - 1 : third)
}
