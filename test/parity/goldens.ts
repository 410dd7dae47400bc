import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { MethodParameters } from '../../src/shared/explanation/method'

const goldenSchema = z.object({
  suggested_rel_l2: z.number().optional(),
  f32_vs_f64_rel_l2: z.number(),
})

const metaSchema = z.object({
  class_index: z.number(),
  class_index_argmin: z.number(),
  goldens: z.record(z.string(), goldenSchema),
})
type Meta = z.infer<typeof metaSchema>

/** A network with its reference attributions. */
export interface GoldenModel {
  readonly name: string
  readonly folder: string
  /** The same network in several files. */
  readonly files: readonly string[]
  readonly meta: Meta
}

const fileNames = ['model.onnx', 'model_bnfold.onnx', 'model_rawexport.onnx']

export function goldenModels(folder: string): GoldenModel[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .map((path) => ({
      name: path.slice(folder.length + 1),
      folder: path,
      files: fileNames.filter((file) => existsSync(join(path, file))),
      meta: metaSchema.parse(JSON.parse(readFileSync(join(path, 'meta.json'), 'utf8'))),
    }))
}

/**
 * The largest relative L2 error that counts as equal: ten times the reference's own float32 noise, at least
 * 1e-5; which meta.json states as `suggested_rel_l2`, or leaves to be worked out.
 */
export function toleranceOf({ meta }: GoldenModel, golden: string): number {
  const found = meta.goldens[golden]
  if (!found) throw new Error(`meta.json does not know the golden ${golden}`)
  return found.suggested_rel_l2 ?? Math.max(1e-5, 10 * found.f32_vs_f64_rel_l2)
}

/** (0 − mean)/std and (1 − mean)/std per channel, mean and std as in meta.json's conventions. */
export function inputBox(channels: number): MethodParameters {
  const mean = channels === 1 ? [0.1307] : [0.485, 0.456, 0.406]
  const std = channels === 1 ? [0.3081] : [0.229, 0.224, 0.225]
  return {
    low: mean.map((value, c) => (0 - value) / (std[c] ?? 1)),
    high: mean.map((value, c) => (1 - value) / (std[c] ?? 1)),
  }
}
