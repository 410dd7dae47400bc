import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../../tools/licences.mjs'
import { appHandlers } from '../../src/main/handlers/app'
import { resourcesIn } from '../../src/main/resources'
import { menuSections } from '../../src/shared/actionNames'
import { methodNames } from '../../src/shared/explanation/method'
import { unusedServices } from './support/services'

const help = (name: string) => readFileSync(join('assets', 'help', name), 'utf8')

describe('the manual', () => {
  it('knows every method', () => {
    const manual = help('manual.md')
    expect(methodNames.filter((name) => !manual.includes(`\`${name}\``))).toEqual([])
  })

  it('names the single keys of the menu', () => {
    const table = help('manual.md').split('## Keys')[1]?.split('## ')[0] ?? ''
    const keys = menuSections
      .flatMap(({ entries }) => entries)
      .flatMap((entry) => (entry === 'separator' ? [] : [entry.key ?? '']))
      .filter((key) => /^[A-Z0-9]$/.test(key))
    expect(keys.length).toBeGreaterThan(5)
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(table))).toEqual([])
  })
})

describe('the licences', () => {
  it('name every package that is shipped; otherwise run "node tools/licences.mjs"', () => {
    const licences = help('licences.md')
    const missing = [...shippedPackages().keys()].filter((name) => !licences.includes(name))
    expect(missing).toEqual([])
  })

  it('are shown with the own one first', async () => {
    const handlers = appHandlers(unusedServices({ resources: resourcesIn(process.cwd()) }))
    const { text } = await handlers['app.openHelp']({ topic: 'licences' })
    expect(text.indexOf('MIT')).toBeLessThan(text.indexOf('better-sqlite3'))
  })
})
