import { describe, expect, it } from 'vitest'
import { adviceOn, packagesOutOfDate } from '../../../tools/setup/dependencies.mjs'

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
}

describe('dependencies that are not installed as locked', () => {
  it('are none when npm noted the same ones, other platforms’ left out', () => {
    const present = { packages: { 'node_modules/zod': wanted.packages['node_modules/zod'] } }
    expect(packagesOutOfDate(wanted, present)).toEqual([])
  })

  it('are the missing ones', () => {
    expect(packagesOutOfDate(wanted, {})).toEqual(['node_modules/zod'])
  })

  it('are those of another version', () => {
    const present = {
      packages: { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } },
    }
    expect(packagesOutOfDate(wanted, present)).toEqual(['node_modules/zod'])
  })

  it('are those of other content under the same version', () => {
    const present = {
      packages: { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-b' } },
    }
    expect(packagesOutOfDate(wanted, present)).toEqual(['node_modules/zod'])
  })

  it('are optional ones too where another version is there', () => {
    const present = {
      packages: { ...wanted.packages, 'node_modules/other-platform': { version: '0.9.0' } },
    }
    expect(packagesOutOfDate(wanted, present)).toEqual(['node_modules/other-platform'])
  })
})

describe('advice on a failed installation', () => {
  it.each([
    ['npm error code EUSAGE\nnpm error Missing: x from lock file', 'npm install'],
    ['npm error code ENOSPC', 'disk'],
    ['npm error code ENOTFOUND', 'npm ping'],
    ['', 'npm ping'],
  ])('after "%s" names %s', (output, named) => {
    expect(adviceOn(output)).toContain(named)
  })
})
