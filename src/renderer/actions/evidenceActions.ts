import { explain, setScope } from '../state/workflow'
import { withImage, type Action } from './types'

const opacityStep = 0.1

function opacity(id: string, label: string, key: string, by: number): Action {
  return {
    id,
    label,
    section: 'Evidence',
    keys: [key],
    enabled: withImage,
    perform: (app) => {
      const now = app.view.store.getState().opacity
      app.view.set({ opacity: Math.round(Math.min(1, Math.max(0, now + by)) * 100) / 100 })
    },
  }
}

export const evidenceActions: readonly Action[] = [
  {
    id: 'heatmap.peek',
    label: 'Hide the heatmap while held',
    section: 'Evidence',
    keys: ['H'],
    enabled: withImage,
    perform: (app) => {
      app.stage.store.setState({ peeking: true })
    },
    release: (app) => {
      app.stage.store.setState({ peeking: false })
    },
    keyboardOnly: true,
  },
  {
    id: 'heatmap.toggle',
    label: 'Heatmap',
    section: 'Evidence',
    keys: ['Shift+H'],
    enabled: withImage,
    active: ({ view }) => view.heatmapVisible,
    labelNow: ({ view }) => (view.heatmapVisible ? 'Hide the heatmap' : 'Show the heatmap'),
    perform: (app) => {
      app.view.set({ heatmapVisible: !app.view.store.getState().heatmapVisible })
    },
  },
  opacity('heatmap.more', 'More heatmap', 'O', opacityStep),
  opacity('heatmap.less', 'Less heatmap', 'Shift+O', -opacityStep),
  {
    id: 'explain.whole',
    label: 'Explain the whole image',
    section: 'Evidence',
    keys: ['W'],
    enabled: (state) => withImage(state) && state.card?.fit === 'tile',
    active: ({ stage }) => stage.scope.kind === 'whole',
    perform: (app) => {
      setScope(app, { kind: 'whole' })
    },
  },
  {
    id: 'explain.again',
    label: 'Explain again',
    section: 'Evidence',
    keys: [],
    enabled: withImage,
    perform: explain,
  },
  {
    id: 'explain.top',
    label: 'Explain the top class',
    section: 'Evidence',
    keys: [],
    enabled: (state) => withImage(state) && state.view.target.kind !== 'top',
    perform: (app) => {
      app.view.set({ target: { kind: 'top' } })
      explain(app)
    },
  },
  {
    id: 'ledger.open',
    label: 'Conservation ledger',
    section: 'Evidence',
    keys: ['G'],
    enabled: (state) => withImage(state) && state.explanation !== null,
    perform: (app) => {
      app.navigation.open('ledger')
    },
  },
]
