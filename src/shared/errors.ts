import { z } from 'zod'

/** Why something could not be done, as the user's next step depends on it. */
export const errorCodeSchema = z.enum([
  'cancelled',
  'unsupported-operator',
  'invalid-model',
  'invalid-card',
  'invalid-image',
  'invalid-input',
  'not-found',
  'engine-crashed',
  'storage-corrupt',
  'storage-full',
  'storage-newer',
  'io',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** The form in which an error crosses a process boundary: never a stack. */
export const errorShapeSchema = z.object({
  code: errorCodeSchema,
  /** One sentence: what happened and what was kept. */
  message: z.string(),
  /** One sentence: what to do now. Empty when nothing can be done. */
  hint: z.string(),
})
export type ErrorShape = z.infer<typeof errorShapeSchema>

export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = '',
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  toShape(): ErrorShape {
    return { code: this.code, message: this.message, hint: this.hint }
  }

  static fromShape(shape: ErrorShape): AppError {
    return new AppError(shape.code, shape.message, shape.hint)
  }

  /** Any thrown value as an AppError; what is not one already becomes `internal`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new AppError('internal', message, 'Please report this with the steps that led to it.', {
      cause: thrown,
    })
  }
}
