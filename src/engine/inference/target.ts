import { counted } from '../../shared/counted'
import { AppError } from '../../shared/errors'
import type { Target } from '../../shared/explanation/method'

/** The logits asked about, counted from 0. */
export interface ResolvedTarget {
  readonly index: number
  /** Contrast only: the class it is held against. */
  readonly against: number | null
}

/** @throws AppError `invalid-input` when there is no such class, or a class is held against itself. */
export function resolveTarget(target: Target, top: number, classCount: number): ResolvedTarget {
  if (target.kind === 'top') return { index: top, against: null }
  const against = target.kind === 'contrast' ? target.against : null
  for (const index of [target.index, against]) {
    if (index !== null && index >= classCount)
      throw new AppError(
        'invalid-input',
        `There is no class ${index}: the model has ${counted(classCount, 'class')}, counted from 0.`,
        classCount === 1 ? 'Choose class 0.' : `Choose a class from 0 to ${classCount - 1}.`,
      )
  }
  if (against === target.index)
    throw new AppError(
      'invalid-input',
      'A class held against itself leaves nothing to explain.',
      'Choose two different classes.',
    )
  return { index: target.index, against }
}

/** One row a sample: +1 at the class, −1 at the one it is held against; rows beyond `used` stay 0. */
export function targetMask(
  target: ResolvedTarget,
  classCount: number,
  batch: number,
  used: number,
): Float32Array {
  const mask = new Float32Array(batch * classCount)
  for (let row = 0; row < used; row++) {
    mask[row * classCount + target.index] = 1
    if (target.against !== null) mask[row * classCount + target.against] = -1
  }
  return mask
}
