/**
 * The actions that appear in the application menu. The window's registry performs them,
 * main only shows them; `key` is an Electron accelerator and is displayed, not registered,
 * so that one place, the registry, decides what a key does.
 */
export interface MenuAction {
  readonly id: string
  readonly label: string
  readonly key?: string
}
export type MenuEntry = MenuAction | 'separator'
export interface MenuSection {
  readonly label: string
  readonly entries: readonly MenuEntry[]
}

export const menuSections: readonly MenuSection[] = [
  {
    label: '&File',
    entries: [
      { id: 'session.new', label: 'New session…', key: 'CmdOrCtrl+N' },
      { id: 'session.start', label: 'All sessions', key: 'CmdOrCtrl+O' },
      { id: 'session.addImages', label: 'Add images…' },
      'separator',
      { id: 'report.open', label: 'Report…', key: 'CmdOrCtrl+P' },
    ],
  },
  {
    label: '&Edit',
    entries: [
      { id: 'edit.undo', label: 'Undo', key: 'CmdOrCtrl+Z' },
      { id: 'edit.redo', label: 'Redo', key: 'CmdOrCtrl+Shift+Z' },
      'separator',
      { id: 'region.delete', label: 'Delete region', key: 'Delete' },
    ],
  },
  {
    label: '&View',
    entries: [
      { id: 'view.fit', label: 'Fit image', key: '0' },
      { id: 'view.actualSize', label: '100 %', key: '1' },
      { id: 'view.zoomIn', label: 'Zoom in', key: 'Plus' },
      { id: 'view.zoomOut', label: 'Zoom out', key: '-' },
      'separator',
      { id: 'heatmap.toggle', label: 'Heatmap', key: 'Shift+H' },
      { id: 'regions.toggle', label: 'Regions', key: 'A' },
      { id: 'panel.left', label: 'Worklist panel', key: 'CmdOrCtrl+B' },
      { id: 'panel.right', label: 'Review panel', key: 'CmdOrCtrl+Alt+B' },
      'separator',
      { id: 'ledger.open', label: 'Conservation ledger', key: 'G' },
    ],
  },
  {
    label: '&Review',
    entries: [
      { id: 'verdict.agree', label: 'Agree', key: 'Y' },
      { id: 'verdict.disagree', label: 'Disagree', key: 'N' },
      { id: 'verdict.unsure', label: 'Unsure', key: 'U' },
      { id: 'verdict.comment', label: 'Comment', key: 'C' },
      'separator',
      { id: 'image.next', label: 'Next image', key: 'J' },
      { id: 'image.previous', label: 'Previous image', key: 'K' },
      { id: 'review.confirmNext', label: 'Confirm and next', key: 'Enter' },
    ],
  },
  {
    label: '&Help',
    entries: [
      { id: 'help.palette', label: 'Command palette', key: 'CmdOrCtrl+K' },
      { id: 'help.shortcuts', label: 'Keyboard shortcuts', key: '?' },
      { id: 'app.settings', label: 'Settings…', key: 'CmdOrCtrl+,' },
      { id: 'app.about', label: 'About Pixelwise' },
    ],
  },
]
