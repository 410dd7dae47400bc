import { createRequire } from 'node:module'
import { z } from 'zod'
import { version } from '../../package.json'

/** Versions of everything that decides a result's numbers. */
export function versions(): Record<string, string> {
  const electron = process.versions['electron']
  return {
    pixelwise: version,
    'onnxruntime-node': packageVersion('onnxruntime-node'),
    node: process.versions.node,
    ...(electron === undefined ? {} : { electron }),
    platform: `${process.platform}-${process.arch}`,
  }
}

function packageVersion(name: string): string {
  const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`)
  return z.object({ version: z.string() }).parse(manifest).version
}
