import type { MenuItemConstructorOptions } from 'electron'
import { menuSections, type MenuEntry, type MenuSection } from '../shared/actionNames'

export interface MenuInput {
  readonly perform: (action: string) => void
  readonly platform: NodeJS.Platform
  readonly developerTools: boolean
}

/**
 * The application menu. Keys are shown but not registered: the window's action registry
 * decides what a key does, so that a letter typed into a text field stays a letter.
 */
export function menuTemplate(input: MenuInput): MenuItemConstructorOptions[] {
  const mac = input.platform === 'darwin'
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    ...menuSections.map((section) => ({
      label: section.label,
      submenu: [
        ...section.entries.map((entry) => menuItem(entry, input)),
        ...roleItems(section, input, mac),
      ],
    })),
  ]
}

function menuItem(entry: MenuEntry, input: MenuInput): MenuItemConstructorOptions {
  if (entry === 'separator') return { type: 'separator' }
  return {
    id: entry.id,
    label: entry.label,
    ...(entry.key === undefined ? {} : { accelerator: entry.key, registerAccelerator: false }),
    click: () => {
      input.perform(entry.id)
    },
  }
}

/** What the system itself does, at the end of the section in which people look for it. */
function roleItems(
  section: MenuSection,
  input: MenuInput,
  mac: boolean,
): MenuItemConstructorOptions[] {
  switch (section.label) {
    case '&File':
      return mac ? [] : [{ type: 'separator' }, { role: 'quit', label: 'Quit' }]
    case '&Edit':
      return [
        { type: 'separator' },
        { role: 'cut', registerAccelerator: false },
        { role: 'copy', registerAccelerator: false },
        { role: 'paste', registerAccelerator: false },
        { role: 'selectAll', label: 'Select all text', registerAccelerator: false },
      ]
    case '&View':
      return [
        { type: 'separator' },
        { role: 'togglefullscreen', label: 'Full screen' },
        { role: 'minimize', label: 'Minimise window' },
        ...(input.developerTools
          ? [{ role: 'toggleDevTools', label: 'Developer tools' } as const]
          : []),
      ]
    default:
      return []
  }
}
