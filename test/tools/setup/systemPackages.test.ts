import { describe, expect, it } from 'vitest'
import { namespacesAreRefused, sandboxFlags } from '../../../tools/setup/sandbox.mjs'
import { missingLibraryPackages, packageNamesHere } from '../../../tools/setup/systemPackages.mjs'

const line = (library: string): string => `\t${library} (libc6,x86-64) => /lib/${library}`
const complete = [
  "7 libs found in cache `/etc/ld.so.cache'",
  ...[
    'libgtk-3.so.0',
    'libnss3.so',
    'libasound.so.2',
    'libgbm.so.1',
    'libXss.so.1',
    'libatk-bridge-2.0.so.0',
  ].map(line),
]

describe('system libraries', () => {
  it('are complete where the linker knows them all', () => {
    expect(missingLibraryPackages(complete.join('\n'))).toEqual([])
  })

  it('are named by their packages where it does not', () => {
    const without = complete.filter((text) => !/nss3|gbm/.test(text))
    expect(missingLibraryPackages(without.join('\n'))).toEqual(['libnss3', 'libgbm1'])
  })

  it('are not mistaken for others whose names begin alike', () => {
    const other = complete.map((text) => text.replace('libasound.so.2', 'libasound.so.20'))
    expect(missingLibraryPackages(other.join('\n'))).toEqual(['libasound2'])
  })

  it('have the names this release gives them', () => {
    const renamed = new Set(['libgtk-3-0t64', 'libasound2t64'])
    const exists = (name: string): boolean => renamed.has(name)
    expect(packageNamesHere(['libgtk-3-0', 'libnss3', 'libasound2'], exists)).toEqual([
      'libgtk-3-0t64',
      'libnss3',
      'libasound2t64',
    ])
  })
})

describe('the sandbox', () => {
  it('is left out for root alone', () => {
    expect(sandboxFlags(0)).toEqual(['--no-sandbox'])
    expect(sandboxFlags(1000)).toEqual([])
    // Windows has no user ids.
    expect(sandboxFlags(undefined)).toEqual(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
  })

  it('cannot work where the kernel refuses namespaces to users', () => {
    const settings = (values: Readonly<Record<string, string>>) => (name: string) => values[name]
    expect(namespacesAreRefused(settings({}))).toBe(false)
    expect(namespacesAreRefused(settings({ 'kernel/unprivileged_userns_clone': '1\n' }))).toBe(
      false,
    )
    expect(namespacesAreRefused(settings({ 'kernel/unprivileged_userns_clone': '0\n' }))).toBe(true)
    expect(
      namespacesAreRefused(settings({ 'kernel/apparmor_restrict_unprivileged_userns': '1\n' })),
    ).toBe(true)
  })
})
