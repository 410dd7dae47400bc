import { defineConfig } from 'vitest/config'
import { sqliteEnvironment } from './tools/setup/sqlite.mjs'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // Native add-ons (ONNX Runtime, SQLite) want a process of their own, not a worker thread.
    pool: 'forks',
    testTimeout: 30_000,
    // Where this Node needs a compiled SQLite add-on, the store finds it through the environment.
    env: sqliteEnvironment(),
  },
})
