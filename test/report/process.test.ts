import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { engineReplyMessageSchema, type EngineReplyMessage } from '../../src/shared/ipc/engine'
import { reportMethods } from '../../src/shared/ipc/report'
import { hashOf, ihcReport } from './fixtures'

const root = join(import.meta.dirname, '../..')
let folder = ''

beforeAll(async () => {
  // Below the project, so that the built file finds its packages and fonts as the program's does.
  folder = mkdtempSync(join(root, 'node_modules/.report-test-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, 'src/report/process.ts'),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'process.mjs' } },
    },
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Forks the report process, sends one message, and gives what it said until it answered. */
function ask(message: object): Promise<{ replies: EngineReplyMessage[]; exitCode: number | null }> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, 'process.mjs'), [], { serialization: 'advanced' })
    const replies: EngineReplyMessage[] = []
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve({ replies, exitCode }))
    child.on('message', (raw) => {
      const reply = engineReplyMessageSchema.parse(raw)
      replies.push(reply)
      if (reply.kind === 'ready') child.send(message)
      if (reply.kind === 'done' || reply.kind === 'failed') child.disconnect()
    })
  })
}

it('renders over the wire and ends with its parent', async () => {
  const { model, images } = ihcReport(folder)
  const pdfPath = join(folder, 'report.pdf')
  const { replies, exitCode } = await ask({
    id: 3,
    method: 'render',
    params: { model, images, pdfPath, jsonPath: join(folder, 'report.json') },
  })
  expect(replies.map((reply) => reply.kind)).toEqual(['ready', 'progress', 'progress', 'done'])
  const last = replies.at(-1)
  if (last?.kind !== 'done') throw new Error('There was no answer.')
  const response = reportMethods.render.response.parse(last.value)
  expect(response.pdfSha256).toBe(hashOf(readFileSync(pdfPath)))
  expect(exitCode).toBe(0)
})

it('refuses what is no report', async () => {
  const { replies } = await ask({ id: 4, method: 'render', params: { model: {} } })
  expect(replies.at(-1)).toMatchObject({ kind: 'failed', id: 4, error: { code: 'invalid-input' } })
})
