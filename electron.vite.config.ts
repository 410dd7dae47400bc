import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

// The oldest runtime the product starts on (the stand-in of the set-up) decides what the output may
// use: one build then suits every runtime.
process.env['ELECTRON_MAJOR_VER'] = '33'

/** Entry name → source file, for those that exist. */
const entries = (wanted: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wanted)
      .map(([name, path]) => [name, resolve(import.meta.dirname, path)] as const)
      .filter(([, path]) => existsSync(path)),
  )

const main = entries({
  index: 'src/main/index.ts',
  engine: 'src/engine/process.ts',
  report: 'src/report/process.ts',
  cli: 'src/cli/index.ts',
})
const preload = entries({ index: 'src/preload/index.ts' })
const renderer = existsSync(resolve(import.meta.dirname, 'src/renderer/main.tsx'))
  ? entries({ index: 'src/renderer/index.html' })
  : {}

const hasEntries = (input: Record<string, string>): boolean => Object.keys(input).length > 0

export default defineConfig({
  ...(hasEntries(main) && {
    main: {
      build: {
        // The command line runs the same files in plain Node.
        target: 'node20',
        sourcemap: true,
        rollupOptions: {
          input: main,
          output: {
            format: 'es',
            entryFileNames: '[name].js',
            chunkFileNames: 'chunks/[name]-[hash].js',
          },
        },
      },
    },
  }),
  ...(hasEntries(preload) && {
    preload: {
      build: {
        sourcemap: true,
        // A sandboxed preload has no module loader: one CommonJS file with everything in it.
        externalizeDeps: false,
        rollupOptions: { input: preload, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
      },
    },
  }),
  ...(hasEntries(renderer) && {
    renderer: {
      root: 'src/renderer',
      plugins: [react()],
      build: {
        sourcemap: true,
        minify: true,
        // The content security policy has no 'unsafe-inline' and no data: scripts.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        rollupOptions: { input: renderer },
      },
    },
  }),
})
