import type { App } from '../state/app'
import { always, inReview, withImage, type Action } from './types'

/** One press of + or −. */
const zoomFactor = 1.25
/** One press of an arrow key, CSS pixels. */
const panStep = 64

function pan(key: string, name: string, x: number, y: number): readonly Action[] {
  return [
    {
      id: `view.pan${name}`,
      label: `Pan ${name.toLowerCase()}`,
      section: 'View',
      keys: [key],
      enabled: withImage,
      // The picture moves against the direction of looking.
      perform: (app) => app.stage.controller.current?.panBy(-x * panStep, -y * panStep),
      keyboardOnly: true,
      arrows: 'Pan',
    },
    {
      id: `view.page${name}`,
      label: `Pan half a screen ${name.toLowerCase()}`,
      section: 'View',
      keys: [`Shift+${key}`],
      enabled: withImage,
      perform: (app) => app.stage.controller.current?.panScreens(x / 2, y / 2),
      keyboardOnly: true,
      arrows: 'Pan half a screen',
    },
  ]
}

function toggle(app: App, panel: 'leftPanelOpen' | 'rightPanelOpen'): void {
  app.settings.set({ [panel]: !app.settings.store.getState()[panel] })
}

export const viewActions: readonly Action[] = [
  {
    id: 'view.fit',
    label: 'Fit image',
    section: 'View',
    keys: ['0'],
    enabled: withImage,
    perform: (app) => app.stage.controller.current?.fit(),
  },
  {
    id: 'view.actualSize',
    label: '100 %',
    section: 'View',
    keys: ['1'],
    enabled: withImage,
    perform: (app) => app.stage.controller.current?.actualSize(),
  },
  {
    id: 'view.zoomIn',
    label: 'Zoom in',
    section: 'View',
    keys: ['+', '='],
    enabled: withImage,
    perform: (app) => app.stage.controller.current?.zoomBy(zoomFactor),
  },
  {
    id: 'view.zoomOut',
    label: 'Zoom out',
    section: 'View',
    keys: ['-'],
    enabled: withImage,
    perform: (app) => app.stage.controller.current?.zoomBy(1 / zoomFactor),
  },
  ...pan('ArrowLeft', 'Left', -1, 0),
  ...pan('ArrowRight', 'Right', 1, 0),
  ...pan('ArrowUp', 'Up', 0, -1),
  ...pan('ArrowDown', 'Down', 0, 1),
  {
    id: 'view.sampling',
    label: 'Smooth or pixelated enlargement',
    section: 'View',
    keys: [],
    enabled: withImage,
    active: ({ view }) => view.sampling === 'pixelated',
    perform: (app) => {
      const { sampling } = app.view.store.getState()
      app.view.set({ sampling: sampling === 'smooth' ? 'pixelated' : 'smooth' })
    },
  },
  {
    id: 'regions.toggle',
    label: 'Regions',
    section: 'View',
    keys: ['A'],
    enabled: withImage,
    active: ({ view }) => view.regionsVisible,
    labelNow: ({ view }) => (view.regionsVisible ? 'Hide regions' : 'Show regions'),
    perform: (app) => {
      app.view.set({ regionsVisible: !app.view.store.getState().regionsVisible })
    },
  },
  {
    id: 'panel.left',
    label: 'Worklist panel',
    section: 'View',
    keys: ['Ctrl+B'],
    whileTyping: true,
    enabled: inReview,
    active: ({ settings }) => settings.leftPanelOpen,
    labelNow: ({ settings }) =>
      settings.leftPanelOpen ? 'Hide the worklist' : 'Show the worklist',
    perform: (app) => {
      toggle(app, 'leftPanelOpen')
    },
  },
  {
    id: 'panel.right',
    label: 'Review panel',
    section: 'View',
    keys: ['Ctrl+Alt+B'],
    whileTyping: true,
    enabled: inReview,
    active: ({ settings }) => settings.rightPanelOpen,
    labelNow: ({ settings }) =>
      settings.rightPanelOpen ? 'Hide the review panel' : 'Show the review panel',
    perform: (app) => {
      toggle(app, 'rightPanelOpen')
    },
  },
  {
    id: 'view.theme',
    label: 'Switch between dark and light',
    section: 'View',
    keys: [],
    enabled: always,
    perform: (app) => {
      const dark = document.documentElement.dataset['theme'] === 'dark'
      app.settings.set({ theme: dark ? 'light' : 'dark' })
    },
  },
]
