import type { Sha256 } from '../../shared/hash'
import { AppError } from '../../shared/errors'
import { readWholeFile } from '../files'

export interface ModelFile {
  /** Without its folder. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: Sha256
}

/** Protocol buffers cannot be larger. */
const largestModel = 2 * 1024 * 1024 * 1024 - 1

/** @throws AppError `invalid-model`, `not-found` or `io` */
export async function readModel(path: string): Promise<ModelFile> {
  const file = await readWholeFile(path, 'invalid-model', largestModel)
  if (file.bytes.length === 0)
    throw new AppError(
      'invalid-model',
      `“${file.name}” is empty (0 bytes).`,
      'Copy or export the model again.',
    )
  return file
}
