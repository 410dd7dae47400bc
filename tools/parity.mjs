import { mkdirSync } from 'node:fs'
import { installDependencies } from './setup/dependencies.mjs'
import { checkNodeVersion } from './setup/nodeVersion.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { asProgram } from './setup/report.mjs'
import { runInForeground } from './setup/run.mjs'

/** Compares every golden with what the engine computes; standard output is the table alone. */
await asProgram(async () => {
  process.chdir(root)
  checkNodeVersion()
  await installDependencies()
  const { build } = await import('vite')
  // Inside the checkout, so that packages are found from there.
  const outDir = inRoot('.cache', 'parity')
  mkdirSync(outDir, { recursive: true })
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: inRoot('test', 'parity', 'run.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: 'parity.js' } },
    },
  })
  return runInForeground(process.execPath, [inRoot('.cache', 'parity', 'parity.js'), ...process.argv.slice(2)]) // prettier-ignore
})
