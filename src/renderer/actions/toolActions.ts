import type { Tool } from '../viewer/types'
import { withImage, type Action } from './types'

function tool(id: Tool, label: string, short: string, key: string): Action {
  return {
    id: `tool.${id}`,
    label,
    short,
    section: 'Tools',
    keys: [key],
    enabled: (state) => withImage(state) && (id !== 'tile' || state.card?.fit === 'tile'),
    active: ({ stage }) => stage.tool === id,
    perform: (app) => {
      app.stage.store.setState({ tool: id })
    },
  }
}

export const toolActions: readonly Action[] = [
  tool('select', 'Select and move', 'Select', 'V'),
  tool('rectangle', 'Draw a rectangle', 'Rect', 'R'),
  tool('ellipse', 'Draw an ellipse', 'Ellipse', 'E'),
  tool('polygon', 'Draw a polygon', 'Polygon', 'P'),
  tool('freehand', 'Draw freehand', 'Freehand', 'B'),
  tool('point', 'Set a point', 'Point', '.'),
  tool('tile', 'Explain the tile under a click', 'Tile', 'T'),
]
