import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { repository } from './paths'

/**
 * Bundles one entry of the program for plain Node, as the build does, into a folder of its own inside
 * the repository, so that packages and assets are found from there.
 * @returns the bundle's path.
 */
export async function buildEntry(source: string, name: string): Promise<string> {
  const outDir = join(repository, '.cache', `test-${name}-${process.pid}`)
  mkdirSync(outDir, { recursive: true })
  await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    build: {
      ssr: join(repository, source),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: `${name}.js` } },
    },
  })
  return join(outDir, `${name}.js`)
}
