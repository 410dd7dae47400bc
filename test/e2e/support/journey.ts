import { test as base, type ElectronApplication, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { launch, type Launched } from './launch'

export { expect } from '@playwright/test'

export const root = resolve(import.meta.dirname, '..', '..', '..')
/** A file of the repository. */
export const inRoot = (...parts: readonly string[]): string => join(root, ...parts)

/** A data folder of its own, and the application started on it as often as a journey wants. */
export interface Home {
  readonly dataFolder: string
  /** For files that a journey makes or chooses; deleted with the data folder. */
  readonly temporary: string
  readonly start: () => Promise<Launched>
  /** Ends it as the user would. */
  readonly quit: () => Promise<void>
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>
}

interface Fixtures {
  readonly home: Home
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  home: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelwise-journey-'))
    const dataFolder = join(folder, 'data')
    let running: Launched | null = null
    await use({
      dataFolder,
      temporary: mkdtempSync(join(folder, 'files-')),
      start: async () => {
        running = await launch({ dataFolder })
        return running
      },
      quit: async () => {
        await running?.close()
        running = null
      },
      kill: async () => {
        await running?.kill()
        running = null
      },
    })
    const left: Launched | null = running
    if (left) await tidy(left, info.status === info.expectedStatus ? null : info.outputPath())
    rmSync(folder, { recursive: true, force: true })
  },
})

/** A picture of what a failed journey saw last, then the end of it. */
async function tidy(launched: Launched, pictures: string | null): Promise<void> {
  if (pictures === null) return launched.close()
  const path = join(pictures, 'window.png')
  await launched.page.screenshot({ path, timeout: 5000 }).catch(() => undefined)
  // A stopped process outlives its parent.
  await signalEngine(launched.app, 'SIGCONT').catch(() => false)
  await launched.kill()
}

/** Gives the page a size, whatever the menu bar and the frame take. CSS pixels. */
export async function resize(
  { app, page }: Pick<Launched, 'app' | 'page'>,
  width: number,
  height: number,
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height)
    },
    { width, height },
  )
  await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, {
    width,
    height,
  })
}

/** Until the image in review has been explained, and nothing is being computed. */
export async function explained(page: Page): Promise<void> {
  await page.getByTestId('ledger-line').waitFor({ timeout: 60_000 })
}

/** Answers the system's dialogs for opening files: one list of paths each time, the last again. */
export async function answerOpenDialog(
  app: ElectronApplication,
  ...answers: readonly (readonly string[])[]
): Promise<void> {
  await app.evaluate(({ dialog }, lists) => {
    let turn = 0
    Reflect.set(dialog, 'showOpenDialog', () => {
      const filePaths = lists[Math.min(turn, lists.length - 1)] ?? []
      turn += 1
      return Promise.resolve({ canceled: filePaths.length === 0, filePaths })
    })
  }, answers)
}

/** Answers the system's dialog for saving a file. */
export async function answerSaveDialog(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    Reflect.set(dialog, 'showSaveDialog', () => Promise.resolve({ canceled: false, filePath }))
  }, path)
}

/** Sends a signal to the engine's process; false when there is none. */
export function signalEngine(
  app: ElectronApplication,
  signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT',
): Promise<boolean> {
  return app.evaluate(({ app: electron }, name) => {
    const engine = electron.getAppMetrics().find((found) => found.name === 'Pixelwise engine')
    if (engine) process.kill(engine.pid, name)
    return engine !== undefined
  }, signal)
}
