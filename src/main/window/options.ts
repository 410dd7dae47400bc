import type { BrowserWindowConstructorOptions, NativeImage, Session } from 'electron'
import { smallestSize, type Rectangle } from './bounds'

/** Shown until the page has painted, so that nothing flashes. */
export const backgroundColours = { dark: '#17191c', light: '#f4f5f6' } as const

export interface WindowInput {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number }
  readonly dark: boolean
  readonly icon: NativeImage | string | undefined
  readonly preload: string
  readonly session: Session
  readonly developerTools: boolean
}

/** Every window is made from this; the security settings are spelt out though most are defaults. */
export function windowOptions(input: WindowInput): BrowserWindowConstructorOptions {
  return {
    ...input.bounds,
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title: 'Pixelwise',
    show: false,
    backgroundColor: input.dark ? backgroundColours.dark : backgroundColours.light,
    ...(input.icon === undefined ? {} : { icon: input.icon }),
    webPreferences: {
      preload: input.preload,
      session: input.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: input.developerTools,
    },
  }
}
