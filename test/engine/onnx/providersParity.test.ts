import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findRuntime } from '../../../tools/setup/electron.mjs'
import type { MethodName, MethodParameters } from '../../../src/shared/explanation/method'
import {
  providerNames,
  providerTitle,
  type ProviderName,
} from '../../../src/shared/explanation/provider'
import { candidates } from '../../../src/engine/onnx/providers'
import { buildEntry } from '../support/buildEntry'
import { goldens } from '../support/paths'
import type { ParityCase, ParityReport } from './support/parityChild'

/**
 * Every provider against the CPU on goldens, through the operators that differ most between providers:
 * max pooling's indices and their scattering, strided and transposed convolutions, dense layers.
 */
const asked: readonly (readonly [network: string, method: MethodName, golden: string])[] = [
  ['oddconv', 'epsilon-plus-flat', 'epsilon_plus_flat'],
  ['lenet_maxpool', 'epsilon-gamma-box', 'epsilon_gamma_box'],
  ['resnet_basic_tiny', 'epsilon-alpha2-beta1', 'epsilon_alpha2_beta1'],
  ['cnn_avgpool_bn', 'gradient', 'gradient'],
]

const metaSchema = z.object({
  class_index: z.number(),
  goldens: z.record(z.string(), z.object({ suggested_rel_l2: z.number() })),
})
const metaOf = (network: string) =>
  metaSchema.parse(JSON.parse(readFileSync(join(goldens, network, 'meta.json'), 'utf8')))

const cases = asked.map(([network, method]): ParityCase => {
  const box: MethodParameters = method === 'epsilon-gamma-box' ? { low: -0.4242, high: 2.8215 } : {}
  return {
    folder: join(goldens, network),
    method,
    parameters: box,
    classIndex: metaOf(network).class_index,
  }
})

interface Device {
  readonly there: boolean
  /** Added to the child's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Whether it is an emulation, which `auto` must never choose. */
  readonly software: boolean
}

/** Electron brings a Vulkan driver in software, with which WebGPU runs where there is no graphics processor. */
function softwareVulkan(): Device {
  const folder = process.platform === 'linux' ? findRuntime()?.folder : undefined
  const driver = join(folder ?? '', 'vk_swiftshader_icd.json')
  return folder !== undefined && existsSync(driver)
    ? { there: true, env: { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder }, software: true }
    : own('webgpu')
}

function own(provider: ProviderName): Device {
  return { there: candidates('auto').tried.includes(provider), env: {}, software: false }
}

let entry = ''
beforeAll(async () => {
  entry = await buildEntry('test/engine/onnx/support/parityChild.ts', 'parity')
}, 60_000)
afterAll(() => {
  rmSync(dirname(entry), { recursive: true, force: true })
})

/** In a process of its own: drivers are chosen by its environment, and may end it. */
function runChild(provider: ProviderName, { env }: Device): Promise<ParityReport> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [entry, JSON.stringify([provider, cases, join(goldens, 'mlp_relu')])],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let text = ''
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text) as ParityReport)
      else reject(new Error(`the child ended with ${code ?? 'a signal'}: ${complaint}`))
    })
  })
}

for (const provider of providerNames) {
  if (provider === 'cpu') continue
  const device = provider === 'webgpu' ? softwareVulkan() : own(provider)
  const note = device.there ? '' : ' (skipped: there is no such device or provider here)'
  describe.skipIf(!device.there)(`${providerTitle(provider)} against the CPU${note}`, () => {
    let report: ParityReport
    beforeAll(async () => {
      report = await runChild(provider, device)
    }, 300_000)

    test.each(asked.map(([network, method, golden], at) => ({ network, method, golden, at })))(
      '$network, $method',
      ({ network, golden, at }) => {
        const found = report.cases[at]
        expect(found).toMatchObject({ provider, notices: [] })
        // Ten times what single precision costs against double precision on this golden, at least 1e-5:
        // both sides compute in single precision, in another order.
        const allowed = metaOf(network).goldens[golden]?.suggested_rel_l2 ?? 0
        expect(found?.relevance).toBeLessThanOrEqual(allowed)
        expect(found?.logits).toBeLessThanOrEqual(1e-5)
      },
    )

    test.skipIf(!device.software)('is never chosen by auto where it is an emulation', () => {
      expect(report.auto).toMatchObject({ provider: 'cpu' })
      expect(report.auto?.notices.join()).toMatch(
        /^WebGPU is slower here than the CPU .*\. The CPU runs instead\.$/,
      )
    })
  })
}
