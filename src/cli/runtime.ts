import { providerChoices, providerChoiceSchema } from '../shared/explanation/provider'
import type { RuntimeChoice } from '../engine/onnx/runtime'
import { wrong } from './options'

/** What is to compute, as options of a command. */
export const runtimeOptions = {
  provider: { type: 'string' },
  threads: { type: 'string' },
} as const

const mostThreads = 256

/**
 * On the command line the reference computes unless another provider is named: scripts compare digits.
 * @throws AppError `invalid-input`
 */
export function parseRuntime(options: {
  readonly provider?: string | undefined
  readonly threads?: string | undefined
}): RuntimeChoice {
  const provider = providerChoiceSchema.safeParse(options.provider ?? 'cpu')
  if (!provider.success)
    throw wrong(
      `There is no provider “${options.provider ?? ''}”`,
      `Providers: ${providerChoices.join(', ')}.`,
    )
  return { provider: provider.data, threads: threadsOf(options.threads) }
}

function threadsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const count = /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (count >= 1 && count <= mostThreads) return count
  throw wrong(`--threads is “${value}”, not a number from 1 to ${mostThreads}`)
}
