import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../components/AppContext'

/** Puts the chosen theme, or the system's, on the document. */
export function useTheme(): void {
  const app = useApp()
  const theme = useStore(app.settings.store, (settings) => settings.theme)
  useEffect(() => {
    const light = window.matchMedia('(prefers-color-scheme: light)')
    function apply(): void {
      const chosen = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme
      document.documentElement.dataset['theme'] = chosen
    }
    apply()
    light.addEventListener('change', apply)
    return () => {
      light.removeEventListener('change', apply)
    }
  }, [theme])
}
