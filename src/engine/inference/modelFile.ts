import { dirname } from 'node:path'
import type { Sha256 } from '../../shared/hash'
import { AppError } from '../../shared/errors'
import { readWholeFile, sha256Of } from '../files'
import { externalLocations, type ExternalFiles } from '../onnx/externalData'
import type { StampedFile } from './fileCache'
import { readExternalFiles } from './externalFiles'

/** A model on disk: an ONNX file and the files beside it that hold its weights, if it has any. */
export interface ModelFile {
  /** Without its folder. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly external: ExternalFiles
  /** Of all files together. */
  readonly size: number
  /**
   * The model's identity. Of a single file the sha256 of its bytes; with weights in other files the sha256
   * of the lines that `(sha256sum < model.onnx; sha256sum weights…)` prints, the weights sorted by name, so
   * that it changes with any of them and can be recomputed anywhere.
   */
  readonly sha256: Sha256
  /** The files with weights. */
  readonly files: readonly StampedFile[]
}

/** Protocol buffers cannot be larger, and what explains a model is written as one. */
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
  const locations = externalLocations(file.bytes)
  const room = largestModel - file.bytes.length
  const external = await readExternalFiles(dirname(path), locations, room)
  const lines = external.map(({ location, sha256 }) => `${sha256}  ${location}\n`)
  return {
    name: file.name,
    bytes: file.bytes,
    external: new Map(external.map(({ location, bytes }) => [location, bytes])),
    size: external.reduce((sum, { bytes }) => sum + bytes.length, file.bytes.length),
    sha256: lines.length === 0 ? file.sha256 : sha256Of(`${file.sha256}  -\n${lines.join('')}`),
    files: external.map(({ path: of, stamp }) => ({ path: of, stamp })),
  }
}
