import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, dirname } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  needsOwnSqlite,
  ownNodeApi,
  resolveSqliteBinding,
  sqliteEnvironment,
} from '../../../tools/setup/sqlite.mjs'
import { recipeForNodeApi9 } from '../../../tools/setup/sqliteCompile.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the SQLite add-on', () => {
  it('is compiled for hosts below Node-API 10 only', () => {
    expect([8, 9, 10, 11].map(needsOwnSqlite)).toEqual([true, true, false, false])
  })

  it('is the named one, whatever the host', () => {
    vi.stubEnv('PIXELWISE_SQLITE_BINDING', '/somewhere/better_sqlite3.node')
    expect(resolveSqliteBinding(10)).toBe('/somewhere/better_sqlite3.node')
    expect(sqliteEnvironment(9)).toEqual({
      PIXELWISE_SQLITE_BINDING: '/somewhere/better_sqlite3.node',
    })
  })

  it('is the stock one on a newer host', () => {
    vi.stubEnv('PIXELWISE_SQLITE_BINDING', '')
    expect(sqliteEnvironment(10)).toEqual({})
  })

  it('is asked for in words where an older host has none yet', () => {
    vi.stubEnv('PIXELWISE_SQLITE_BINDING', '')
    vi.stubEnv('PIXELWISE_CACHE', '/nowhere')
    expect(() => resolveSqliteBinding(9)).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('npm run setup') }),
    )
  })

  it('works in this process as resolved for it', () => {
    const nativeBinding = resolveSqliteBinding(ownNodeApi())
    const db = new Database(':memory:', nativeBinding === undefined ? {} : { nativeBinding })
    expect(db.prepare('select 6 * 7').pluck().get()).toBe(42)
    db.close()
  })
})

describe('the build recipe for older hosts', () => {
  const main = createRequire(import.meta.url).resolve('better-sqlite3/package.json')
  const stock = readFileSync(join(dirname(main), 'binding.gyp'), 'utf8')
  const ours = recipeForNodeApi9(stock)

  it('asks for the experimental functions instead of Node-API 10', () => {
    expect(stock).toContain("'NAPI_VERSION=10'")
    expect(ours).not.toContain('NAPI_VERSION')
    expect(ours).toContain(
      "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NO_WARNING', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'",
    )
  })

  it('optimises no further at link time, and changes nothing else', () => {
    expect(stock).toContain('-flto')
    expect(ours).not.toContain('-flto')
    expect(ours.split('\n')).toHaveLength(stock.split('\n').length)
    expect(ours).toContain("'-fvisibility-inlines-hidden']")
    expect(ours).toContain("'ldflags': ['-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL']")
  })
})
