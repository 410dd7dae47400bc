import { AppError } from '../../shared/errors'
import type { ExplainerOptions } from '../lrp/explainerTypes'
import type { Compiler } from './compiler'
import type { ModelFile } from './modelFile'

/** The hint of a refusal that the gradient would help. */
export const gradientAdvice = 'Take the gradient there instead, or choose a gradient method.'

/**
 * Compiles; where an operator has no rule, and the gradient would do everywhere, the refusal says so.
 * @throws AppError `unsupported-operator`
 */
export async function orAdvice<T>(
  compiler: Compiler,
  model: ModelFile,
  options: ExplainerOptions,
  create: () => Promise<T>,
): Promise<T> {
  try {
    return await create()
  } catch (error) {
    const refused = error instanceof AppError && error.code === 'unsupported-operator'
    if (!refused || options.missing === 'gradient') throw error
    const { coverage } = await compiler.inspectGraph(
      model,
      { ...options, missing: 'gradient' },
      options,
    )
    if (!coverage.supported) throw error
    throw new AppError(error.code, error.message, gradientAdvice, { cause: error })
  }
}
