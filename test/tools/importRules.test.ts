import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = resolve(import.meta.dirname, '..', '..')

/** A file of src, one line of it, and whether the house allows that line. */
interface Case {
  readonly file: string
  readonly line: string
}

const forbidden: readonly Case[] = [
  { file: 'shared/a.ts', line: `import '../store/x'` },
  { file: 'shared/deep/b.ts', line: `import 'node:fs'` },
  { file: 'shared/c.ts', line: `import 'electron'` },
  { file: 'shared/d.ts', line: `import 'react'` },
  { file: 'engine/a.ts', line: `import '../store/x'` },
  { file: 'engine/lrp/rules/b.ts', line: `import '../../../main/x'` },
  { file: 'engine/lrp/c.ts', line: `import { app } from 'electron'` },
  { file: 'engine/d.ts', line: `import Database from 'better-sqlite3'` },
  { file: 'store/a.ts', line: `import '../engine/x'` },
  { file: 'store/repositories/b.ts', line: `import '../../report/x'` },
  { file: 'store/c.ts', line: `import 'onnxruntime-node'` },
  { file: 'report/a.ts', line: `import '../store/x'` },
  { file: 'report/pdf/b.ts', line: `import '../../engine/x'` },
  { file: 'report/c.ts', line: `import 'konva'` },
  { file: 'main/a.ts', line: `import '../engine/x'` },
  { file: 'main/handlers/b.ts', line: `import '../../engine/x'` },
  { file: 'main/c.ts', line: `import '../renderer/x'` },
  { file: 'main/d.ts', line: `import { ipcMain } from 'electron'` },
  { file: 'main/handlers/e.ts', line: `import { ipcMain } from 'electron'` },
  { file: 'main/ipc/f.ts', line: `import { ipcRenderer } from 'electron'` },
  { file: 'main/g.ts', line: `import 'better-sqlite3'` },
  { file: 'main/h.ts', line: `export const x = import('../engine/x')` },
  { file: 'preload/a.ts', line: `import '../main/x'` },
  { file: 'preload/b.ts', line: `import 'node:path'` },
  { file: 'preload/c.ts', line: `import { ipcMain } from 'electron'` },
  { file: 'renderer/a.ts', line: `import '../main/x'` },
  { file: 'renderer/viewer/stage/b.tsx', line: `import '../../../store/x'` },
  { file: 'renderer/c.ts', line: `import 'electron'` },
  { file: 'renderer/d.ts', line: `import 'node:fs'` },
  { file: 'cli/a.ts', line: `import '../main/x'` },
  { file: 'cli/demo/b.ts', line: `import 'electron'` },
  { file: 'cli/c.ts', line: `import '../../tools/setup/run.mjs'` },
]

const allowed: readonly Case[] = [
  { file: 'shared/ok.ts', line: `import 'zod'` },
  { file: 'engine/ok.ts', line: `import '../shared/x'` },
  { file: 'engine/lrp/ok.ts', line: `import '../../shared/x'` },
  { file: 'engine/inference/ok.ts', line: `import 'onnxruntime-node'` },
  { file: 'store/ok.ts', line: `import 'better-sqlite3'` },
  // main's own folders have the names of others
  { file: 'main/handlers/ok.ts', line: `import '../engine/client'` },
  { file: 'main/engine/ok.ts', line: `import '../../store/x'` },
  { file: 'main/ok.ts', line: `import { app } from 'electron'` },
  { file: 'main/ipc/ok.ts', line: `import { ipcMain } from 'electron'` },
  { file: 'preload/ok.ts', line: `import { ipcRenderer } from 'electron'` },
  { file: 'renderer/viewer/ok.tsx', line: `import '../report/x'` },
  { file: 'renderer/ok.ts', line: `import 'react-konva'` },
  { file: 'cli/ok.ts', line: `import '../engine/x'` },
]

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), help: z.string() })),
})

const tree = mkdtempSync(join(tmpdir(), 'pixelwise-lint-'))
let refusals: ReadonlyMap<string, string> = new Map()

beforeAll(() => {
  for (const { file, line } of [...forbidden, ...allowed]) {
    mkdirSync(dirname(join(tree, 'src', file)), { recursive: true })
    writeFileSync(join(tree, 'src', file), `${line}\n`)
  }
  const house = JSON.stringify(pathToFileURL(join(root, 'oxlint.config.mjs')).href)
  writeFileSync(
    join(tree, 'oxlint.config.mjs'),
    `import house from ${house}\nexport default { ...house, options: {} }\n`,
  )
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const args = [oxlint, '-c', 'oxlint.config.mjs', '--format', 'json', 'src']
  const { stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' })
  refusals = new Map(
    reportSchema
      .parse(JSON.parse(stdout))
      .diagnostics.filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename, help }) => [filename.replace(/^.*?src\//, ''), help]),
  )
})

afterAll(() => rmSync(tree, { recursive: true, force: true }))

describe('the import rules of the house', () => {
  it.each(forbidden)('refuse $line in src/$file, and say where it belongs', ({ file }) => {
    expect(refusals.get(file)).toMatch(/src\/(main|shared|store|engine|preload|renderer)/)
  })

  it.each(allowed)('allow $line in src/$file', ({ file }) => {
    expect([...refusals.keys()]).not.toContain(file)
  })
})
