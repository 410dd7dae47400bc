import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

// The oldest runtime the product starts on (the stand-in of the set-up) decides what the output may
// use: one build then suits every runtime.
process.env['ELECTRON_MAJOR_VER'] = '33'

const source = (path: string): string => resolve(import.meta.dirname, 'src', path)

export default defineConfig({
  main: {
    build: {
      // The command line runs the same files in plain Node.
      target: 'node20',
      sourcemap: true,
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          engine: source('engine/process.ts'),
          report: source('report/process.ts'),
          cli: source('cli/index.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      sourcemap: true,
      // A sandboxed preload has no module loader: one CommonJS file with everything in it.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      sourcemap: true,
      minify: true,
      // The content security policy has no 'unsafe-inline' and no data: scripts.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: source('renderer/index.html') } },
    },
  },
})
