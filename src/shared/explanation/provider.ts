import { z } from 'zod'

/** Execution providers of ONNX Runtime, in the order in which `auto` tries them; the last is the reference. */
export const providerNames = ['cuda', 'directml', 'coreml', 'webgpu', 'cpu'] as const
export type ProviderName = (typeof providerNames)[number]

/** What can be asked for: one by name, or the first in that order that is right and worth it. */
export const providerChoices = ['auto', ...providerNames] as const
export const providerChoiceSchema = z.enum(providerChoices)
export type ProviderChoice = z.infer<typeof providerChoiceSchema>

const titles: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
}

/** As people write it; a name from elsewhere stays as it is. */
export function providerTitle(provider: string): string {
  return titles[provider] ?? provider
}

/** `CPU, 2 threads`; results from before the number was stated have none. */
export function computedBy(result: {
  readonly provider: string
  readonly threads: number | null
}): string {
  const title = providerTitle(result.provider)
  if (result.threads === null) return title
  return `${title}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`
}

/** What is promised of a second computation, as a convention of the result. */
export function reproducibilityOf(provider: string): { name: string; value: string } {
  return {
    name: 'reproducibility',
    value:
      provider === 'cpu'
        ? 'bit-identical for the same provider and thread count, on the same kind of processor'
        : 'not promised to the bit on this provider; the CPU gives the reference',
  }
}
