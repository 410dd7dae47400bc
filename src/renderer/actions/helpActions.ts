import type { DialogName } from '../state/navigation'
import { always, type Action } from './types'

function dialog(id: string, label: string, name: DialogName, keys: readonly string[]): Action {
  return {
    id,
    label,
    section: 'Help',
    keys,
    enabled: always,
    perform: (app) => {
      app.navigation.open(name)
    },
  }
}

export const helpActions: readonly Action[] = [
  {
    ...dialog('help.palette', 'Command palette', 'palette', ['Ctrl+K']),
    whileTyping: true,
    inDialogs: true,
  },
  dialog('help.shortcuts', 'Keyboard shortcuts', 'shortcuts', ['?']),
  dialog('help.manual', 'Manual', 'manual', []),
  dialog('app.about', 'About Pixelwise', 'about', []),
]
