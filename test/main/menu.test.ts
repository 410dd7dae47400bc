import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../src/main/menu'
import { menuSections } from '../../src/shared/actionNames'

function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [
    item,
    ...(Array.isArray(item.submenu) ? items(item.submenu) : []),
  ])
}

const template = (developerTools: boolean, perform: (action: string) => void = () => undefined) =>
  items(menuTemplate({ perform, platform: 'linux', developerTools }))

describe('menuTemplate', () => {
  it('shows every action of the registry and performs it by name', () => {
    const performed: string[] = []
    const all = template(false, (action) => performed.push(action))
    const ids = menuSections
      .flatMap((section) => section.entries)
      .flatMap((entry) => (entry === 'separator' ? [] : [entry.id]))
    for (const id of ids) {
      const item = all.find((candidate) => candidate.id === id)
      // Electron passes item, window and event; the template needs none of them.
      Reflect.apply(item?.click ?? (() => undefined), undefined, [])
    }
    expect(performed).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('registers no key of an action, and no two actions share one', () => {
    const withKeys = template(false).filter((item) => item.accelerator !== undefined)
    expect(withKeys.length).toBeGreaterThan(10)
    expect(withKeys.every((item) => item.registerAccelerator === false)).toBe(true)
    expect(new Set(withKeys.map((item) => item.accelerator)).size).toBe(withKeys.length)
  })

  it('offers developer tools in development only', () => {
    const has = (all: readonly MenuItemConstructorOptions[]) =>
      all.some((item) => item.role === 'toggleDevTools')
    expect(has(template(true))).toBe(true)
    expect(has(template(false))).toBe(false)
  })
})
