import { env, InferenceSession, type Tensor as OrtTensor } from 'onnxruntime-node'
import { AppError } from '../../shared/errors'
import type { ProviderName } from '../../shared/explanation/provider'
import type { Node } from './model'
import { providerOption } from './providers'
import { reasonOf } from './reasonOf'
import { spinning } from './threads'
import type { SplitModel } from './write'

export type Feeds = Readonly<Record<string, OrtTensor>>
export type Results = Readonly<Record<string, OrtTensor>>

/** A session on one provider. */
export interface OrtSession {
  run(feeds: Feeds): Promise<Results>
  release(): Promise<void>
}

export interface OrtOptions {
  readonly provider: ProviderName
  /** Threads within one operator, on the processor. */
  readonly threads: number
  readonly optimise: 'all' | 'disabled'
  /** See `SessionOptions`. */
  readonly packs?: boolean
  readonly nodes: readonly Node[]
}

// What goes wrong is thrown; on the terminal it would show names as the file has them.
env.logLevel = 'fatal'
const logSeverityLevel = 4

/** @throws AppError `invalid-model` with ONNX Runtime's own reason, here and in `run`. */
export async function openOrtSession(
  { bytes, weights }: SplitModel,
  { provider, threads, optimise, packs = true, nodes }: OrtOptions,
): Promise<OrtSession> {
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: [providerOption(provider, nodes)],
      graphOptimizationLevel: optimise,
      intraOpNumThreads: threads,
      logSeverityLevel,
      externalData: weights,
      extra: { session: { ...spinning(threads), disable_prepacking: packs ? '0' : '1' } },
    })
    return {
      run: async (feeds) => {
        try {
          return await session.run(feeds)
        } catch (error) {
          throw new AppError(
            'invalid-model',
            `ONNX Runtime could not run the model: ${reasonOf(error)}`,
            'Check the model, and the size of its input, with the tool that exported it.',
            { cause: error },
          )
        }
      },
      release: () => session.release(),
    }
  } catch (error) {
    throw new AppError(
      'invalid-model',
      `ONNX Runtime could not load the model: ${reasonOf(error)}`,
      'Check the model with the tool that exported it.',
      { cause: error },
    )
  }
}

/**
 * The shapes of a model's outputs as ONNX Runtime infers them on loading it; nothing runs.
 * @returns null when it cannot load the model, or cannot tell every shape.
 */
export async function inferredShapes(
  bytes: Uint8Array,
): Promise<ReadonlyMap<string, readonly number[]> | null> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'disabled',
    logSeverityLevel,
  }).catch(() => null)
  if (!session) return null
  try {
    const shapes = new Map<string, readonly number[]>()
    for (const output of session.outputMetadata) {
      if (!output.isTensor) return null
      const sizes = output.shape.filter((size) => typeof size === 'number')
      const all = sizes.length === output.shape.length && sizes.every((size) => size >= 0)
      // No sizes stand for a scalar and for a shape that is not known alike.
      if (!all || sizes.length === 0) return null
      shapes.set(output.name, sizes)
    }
    return shapes
  } finally {
    await session.release()
  }
}
