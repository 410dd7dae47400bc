import { createStore, type StoreApi } from 'zustand/vanilla'

export type Screen = 'start' | 'new-session' | 'review' | 'report'
export type DialogName =
  'ledger' | 'settings' | 'about' | 'shortcuts' | 'palette' | 'add-images' | 'licences' | 'manual'

export interface NavigationState {
  readonly screen: Screen
  /** At most one dialog is open. */
  readonly dialog: DialogName | null
}

export interface Navigation {
  readonly store: StoreApi<NavigationState>
  readonly go: (screen: Screen) => void
  readonly open: (dialog: DialogName) => void
  readonly close: () => void
}

export function createNavigation(): Navigation {
  const store = createStore<NavigationState>(() => ({ screen: 'start', dialog: null }))
  return {
    store,
    go: (screen) => {
      store.setState({ screen, dialog: null })
    },
    open: (dialog) => {
      store.setState({ dialog })
    },
    close: () => {
      store.setState({ dialog: null })
    },
  }
}
