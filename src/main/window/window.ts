import { BrowserWindow, dialog, nativeTheme, screen, type Session } from 'electron'
import { appUrl } from '../security/origin'
import { openingBounds, readWindowState, writeWindowState } from './bounds'
import { flushOnClose } from './closing'
import { windowOptions } from './options'
import { createLimit } from './recovery'

export interface MainWindowInput {
  readonly session: Session
  readonly preload: string
  readonly icon: string | undefined
  readonly stateFile: string
  readonly developerTools: boolean
  readonly now: () => number
  readonly quit: () => void
}

const mostReloads = 3
const reloadWindowMs = 5 * 60_000
/** Moving and resizing fire without pause; the place is written when they rest. */
const saveDelayMs = 500

/** Opens the window where it was left and keeps it alive through crashes of its page. */
export function openMainWindow(input: MainWindowInput): BrowserWindow {
  const state = readWindowState(input.stateFile)
  const window = new BrowserWindow(
    windowOptions({
      bounds: openingBounds(
        state,
        screen.getAllDisplays().map((display) => display.workArea),
      ),
      dark: nativeTheme.shouldUseDarkColors,
      icon: input.icon,
      preload: input.preload,
      session: input.session,
      developerTools: input.developerTools,
    }),
  )
  window.once('ready-to-show', () => {
    if (state?.maximised === true) window.maximize()
    window.show()
  })
  // The title is the program's, never a page's: a page could put a patient's name there.
  window.on('page-title-updated', (event) => {
    event.preventDefault()
  })
  rememberPlace(window, input.stateFile)
  recover(window, input)
  flushOnClose(window)
  load(window)
  return window
}

/** A page that cannot be loaded is reported by `did-fail-load`; the promise tells nothing more. */
function load(window: BrowserWindow): void {
  window.loadURL(appUrl).catch((thrown: unknown) => {
    console.error('window: the page could not be loaded:', String(thrown))
  })
}

function rememberPlace(window: BrowserWindow, file: string): void {
  const save = (): void => {
    if (window.isDestroyed()) return
    writeWindowState(file, { bounds: window.getNormalBounds(), maximised: window.isMaximized() })
  }
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, saveDelayMs)
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('close', () => {
    clearTimeout(timer)
    save()
  })
}

function recover(window: BrowserWindow, input: MainWindowInput): void {
  const limit = createLimit(mostReloads, reloadWindowMs, input.now)

  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    console.error(
      `window: the page's process ended (${details.reason}, ${String(details.exitCode)})`,
    )
    if (!limit.tryAgain()) {
      void dialog
        .showMessageBox({
          type: 'error',
          title: 'Pixelwise',
          message: 'The window stopped several times in a row.',
          detail:
            'Everything up to your last change is saved. Please close Pixelwise and start it again.',
          buttons: ['Close Pixelwise'],
        })
        .then(input.quit)
      return
    }
    load(window)
    void dialog.showMessageBox(window, {
      type: 'info',
      title: 'Pixelwise',
      message: 'The window stopped unexpectedly and was opened again.',
      detail: 'Everything up to your last change was saved and is shown again.',
      buttons: ['Continue'],
    })
  })

  let waiting: AbortController | null = null
  window.on('unresponsive', () => {
    if (waiting) return
    const asking = new AbortController()
    waiting = asking
    void dialog
      .showMessageBox(window, {
        type: 'question',
        title: 'Pixelwise',
        message: 'The window does not answer at the moment.',
        detail:
          'Everything up to your last change is saved. You can wait, or open the window again.',
        buttons: ['Wait', 'Open again'],
        defaultId: 0,
        cancelId: 0,
        signal: asking.signal,
      })
      .then(({ response }) => {
        waiting = null
        // Ends the page's process; `render-process-gone` above does the rest.
        if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer()
      })
  })
  window.on('responsive', () => {
    waiting?.abort()
    waiting = null
  })
}
