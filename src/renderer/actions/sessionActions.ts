import { addImages, leaveSession, step } from '../state/workflow'
import { always, inReview, withImage, type Action } from './types'

export const sessionActions: readonly Action[] = [
  {
    id: 'session.new',
    label: 'New session…',
    section: 'Session',
    keys: ['Ctrl+N'],
    whileTyping: true,
    enabled: ({ importing }) => !importing,
    perform: (app) => {
      app.navigation.go('new-session')
    },
  },
  {
    id: 'session.start',
    label: 'All sessions',
    section: 'Session',
    keys: ['Ctrl+O'],
    whileTyping: true,
    enabled: ({ importing }) => !importing,
    perform: leaveSession,
  },
  {
    id: 'session.addImages',
    label: 'Add images…',
    section: 'Session',
    keys: [],
    enabled: (state) => inReview(state) && !state.importing,
    perform: (app) => {
      app.api
        .call('files.chooseImages', undefined)
        .then((files) => addImages(app, files))
        .catch(app.notices.fail)
    },
  },
  {
    id: 'report.open',
    label: 'Report…',
    section: 'Session',
    keys: ['Ctrl+P'],
    whileTyping: true,
    enabled: (state) => inReview(state) && (state.session?.images.length ?? 0) > 0,
    perform: (app) => {
      app.navigation.go('report')
    },
  },
  {
    id: 'image.next',
    label: 'Next image',
    section: 'Session',
    keys: ['J', 'PageDown'],
    enabled: (state) => withImage(state) && state.index + 1 < (state.session?.images.length ?? 0),
    perform: (app) => {
      step(app, 1)
    },
  },
  {
    id: 'image.previous',
    label: 'Previous image',
    section: 'Session',
    keys: ['K', 'PageUp'],
    enabled: (state) => withImage(state) && state.index > 0,
    perform: (app) => {
      step(app, -1)
    },
  },
  {
    id: 'app.settings',
    label: 'Settings…',
    section: 'Help',
    keys: ['Ctrl+,'],
    whileTyping: true,
    enabled: always,
    perform: (app) => {
      app.navigation.open('settings')
    },
  },
]
