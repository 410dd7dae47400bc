import { FuseV1Options } from '@electron/fuses'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findRuntime, nodeApiOf } from '../../../tools/setup/electron.mjs'
import { fuseTable, placeInRuntime } from '../../../tools/setup/electronFallback.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the Electron runtime', () => {
  it.each([
    ['33.2.1', 9],
    ['35.7.5', 9],
    ['36.0.0', 10],
    ['v45.4.1', 10],
  ])('%s has Node-API %i', (version, nodeApi) => {
    expect(nodeApiOf(version)).toBe(nodeApi)
  })

  it.runIf(process.platform === 'linux')('is the named one before all others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelwise-runtime-'))
    try {
      writeFileSync(join(folder, 'electron'), '')
      writeFileSync(join(folder, 'version'), '40.1.2')
      vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
      expect(findRuntime()).toEqual({
        origin: 'named',
        folder,
        executable: join(folder, 'electron'),
        version: '40.1.2',
        nodeApi: 10,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is refused in words where the named folder holds none', () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/nowhere')
    expect(() => findRuntime()).toThrow(
      /ELECTRON_OVERRIDE_DIST_PATH names \/nowhere, which holds no/,
    )
  })
})

describe('the stand-in runtime', () => {
  it.each([
    ['Cypress/', undefined],
    ['Cypress/Cypress', 'electron'],
    ['Cypress/icudtl.dat', 'icudtl.dat'],
    ['Cypress/locales/de.pak', 'locales/de.pak'],
    ['Cypress/resources/app/package.json', undefined],
    ['Cypress/resources/app-update.yml', undefined],
    ['Cypress/browser_v8_context_snapshot.bin', undefined],
    ['Cypress/v8_context_snapshot.bin', 'v8_context_snapshot.bin'],
    ['elsewhere/file', undefined],
  ])('takes %s as %s', (entry, place) => {
    expect(placeInRuntime(entry)).toBe(place)
  })

  it('names fuses that exist, each once', () => {
    const names = fuseTable.map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(FuseV1Options[name]).toBeTypeOf('number')
  })
})
