import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // Native add-ons (ONNX Runtime, SQLite) want a process of their own, not a worker thread.
    pool: 'forks',
    testTimeout: 30_000,
  },
})
