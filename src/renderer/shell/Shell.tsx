import { useEffect } from 'react'
import { useStore } from 'zustand'
import { assertNever } from '../../shared/assertNever'
import { listen } from '../actions/keyboard'
import { useApp } from '../components/AppContext'
import { AboutDialog } from '../dialogs/AboutDialog'
import { AddImagesDialog } from '../dialogs/AddImagesDialog'
import { HelpTextDialog } from '../dialogs/HelpTextDialog'
import { SettingsDialog } from '../dialogs/SettingsDialog'
import { ShortcutsDialog } from '../dialogs/ShortcutsDialog'
import { LedgerDialog } from '../ledger/LedgerDialog'
import { NewSessionScreen } from '../newSession/NewSessionScreen'
import { CommandPalette } from '../palette/CommandPalette'
import { ReportScreen } from '../report/ReportScreen'
import { ReviewScreen } from '../review/ReviewScreen'
import { StartScreen } from '../start/StartScreen'
import type { DialogName, Screen } from '../state/navigation'
import { useTheme } from './useTheme'
import { Toasts } from './Toasts'

function screenOf(screen: Screen) {
  switch (screen) {
    case 'start':
      return <StartScreen />
    case 'new-session':
      return <NewSessionScreen />
    case 'review':
      return <ReviewScreen />
    case 'report':
      return <ReportScreen />
    default:
      return assertNever(screen)
  }
}

function dialogOf(dialog: DialogName) {
  switch (dialog) {
    case 'ledger':
      return <LedgerDialog />
    case 'settings':
      return <SettingsDialog />
    case 'about':
      return <AboutDialog />
    case 'shortcuts':
      return <ShortcutsDialog />
    case 'palette':
      return <CommandPalette />
    case 'add-images':
      return <AddImagesDialog />
    case 'licences':
    case 'manual':
      return <HelpTextDialog topic={dialog} />
    default:
      return assertNever(dialog)
  }
}

export function Shell() {
  const app = useApp()
  const screen = useStore(app.navigation.store, (state) => state.screen)
  const dialog = useStore(app.navigation.store, (state) => state.dialog)
  useTheme()
  useEffect(() => listen(app), [app])
  return (
    <>
      {screenOf(screen)}
      {dialog === null ? null : dialogOf(dialog)}
      <Toasts />
    </>
  )
}
