import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MethodName, MethodParameters } from '../../../src/shared/explanation/method'
import { createExplainer, summariseLedger } from '../../../src/engine/lrp/explainer'
import { readNpy, relativeL2 } from '../../support/npy'

/**
 * Parity with Zennit (float64) on every network whose operators are covered. The tolerance is the
 * golden's own: ten times Zennit's float32-against-float64 noise, at least 1e-5.
 */
const folder = 'test/fixtures/goldens'
const networks = [
  'cnn_avgpool_bn',
  'lenet_maxpool',
  'mlp_relu',
  'mobilenet_tiny',
  'oddconv',
  'resnet_basic_tiny',
  'resnet_bottleneck_tiny',
]

const methods: Record<string, { method: MethodName; parameters: MethodParameters }> = {
  lrp0: { method: 'zero', parameters: {} },
  'epsilon_1e-6': { method: 'epsilon', parameters: { epsilon: 1e-6 } },
  'epsilon_0.25': { method: 'epsilon', parameters: { epsilon: 0.25 } },
  epsilon_plus: { method: 'epsilon-plus', parameters: {} },
  epsilon_plus_flat: { method: 'epsilon-plus-flat', parameters: {} },
  epsilon_alpha2_beta1: { method: 'epsilon-alpha2-beta1', parameters: {} },
  epsilon_alpha2_beta1_flat: { method: 'epsilon-alpha2-beta1-flat', parameters: {} },
  epsilon_gamma_box: { method: 'epsilon-gamma-box', parameters: {} },
  epsilon_plus_flat__argmin: { method: 'epsilon-plus-flat', parameters: {} },
  epsilon_gamma_box__argmin: { method: 'epsilon-gamma-box', parameters: {} },
  gradient: { method: 'gradient', parameters: {} },
  input_x_gradient: { method: 'input-x-gradient', parameters: {} },
  excitation_backprop: { method: 'excitation-backprop', parameters: {} },
}
const unitStart = new Set(['gradient', 'input_x_gradient', 'excitation_backprop'])

const metaSchema = z.object({
  class_index: z.number(),
  class_index_argmin: z.number(),
  input_shape: z.array(z.number()),
  goldens: z.record(z.string(), z.object({ suggested_rel_l2: z.number() })),
})

/** (0 − mean)/std and (1 − mean)/std, with the mean and std of meta.json's conventions. */
function inputBounds(channels: number): MethodParameters {
  const mean = channels === 1 ? [0.1307] : [0.485, 0.456, 0.406]
  const std = channels === 1 ? [0.3081] : [0.229, 0.224, 0.225]
  return {
    low: mean.map((value, c) => (0 - value) / (std[c] ?? 1)),
    high: mean.map((value, c) => (1 - value) / (std[c] ?? 1)),
  }
}

async function explain(path: string, key: string, network: string) {
  const meta = metaSchema.parse(JSON.parse(readFileSync(`${folder}/${network}/meta.json`, 'utf8')))
  const how = methods[key]
  if (!how) throw new Error(`no method for ${key}`)
  const input = readNpy(`${folder}/${network}/input.npy`)
  const parameters =
    how.method === 'epsilon-gamma-box' ? inputBounds(input.shape[1] ?? 1) : how.parameters
  const explainer = await createExplainer(readFileSync(path), {
    method: how.method,
    parameters,
    start: unitStart.has(key) ? 'unit' : 'logit',
    batch: 1,
  })
  const mask = new Float32Array(explainer.classCount)
  mask[key.endsWith('__argmin') ? meta.class_index_argmin : meta.class_index] = 1
  const result = await explainer.run(Float32Array.from(input.values), mask)
  await explainer.release()
  return { result, tolerance: meta.goldens[key]?.suggested_rel_l2 ?? 0 }
}

describe.each(networks)('%s', (network) => {
  const files = ['model.onnx', 'model_bnfold.onnx', 'model_rawexport.onnx'].filter((file) =>
    existsSync(`${folder}/${network}/${file}`),
  )
  describe.each(files)('%s', (file) => {
    test.each(Object.keys(methods))('%s', async (key) => {
      const golden = readNpy(`${folder}/${network}/${key}.npy`)
      const { result, tolerance } = await explain(`${folder}/${network}/${file}`, key, network)
      const error = relativeL2(result.relevance, golden.values)
      if (process.env['PIXELWISE_PRINT_GOLDENS']) {
        const worst = result.ledger ? summariseLedger(result.ledger).largestResidual : 0
        console.log(
          `GOLDEN ${network}/${file} ${key} ${error.toExponential(2)} <= ${tolerance.toExponential(2)} ledger ${worst.toExponential(1)}`,
        )
      }
      expect(error).toBeLessThanOrEqual(tolerance)
      if (result.ledger) expect(summariseLedger(result.ledger).balanced).toBe(true)
      const logits = readNpy(`${folder}/${network}/logits.npy`)
      expect(relativeL2(result.logits, logits.values)).toBeLessThan(1e-5)
    })
  })
})
