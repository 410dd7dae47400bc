import { sha256Of } from '../../../src/engine/files'
import type { ModelFile } from '../../../src/engine/inference/modelFile'

/** A model that never was on disk. */
export function modelFileOf(name: string, bytes: Uint8Array): ModelFile {
  return {
    name,
    bytes,
    external: new Map(),
    size: bytes.length,
    sha256: sha256Of(bytes),
    files: [],
  }
}
