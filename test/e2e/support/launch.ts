import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findRuntime } from '../../../tools/setup/electron.mjs'
import { sandboxFlags } from '../../../tools/setup/sandbox.mjs'
import { sqliteEnvironment } from '../../../tools/setup/sqlite.mjs'

const root = resolve(import.meta.dirname, '..', '..', '..')

export interface LaunchOptions {
  /** Where the application keeps its data; without one, a new folder that `close` deletes. */
  readonly dataFolder?: string
  /** What follows the application on the command line. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Launched {
  readonly app: ElectronApplication
  /** The first window, loaded. */
  readonly page: Page
  readonly dataFolder: string
  /** Ends the application as the user would, and deletes the data folder it was not given. */
  close(): Promise<void>
  /** Ends it as a power cut would, at once and without warning. The data folder stays. */
  kill(): Promise<void>
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )

/** Milliseconds, on a slow and busy machine. */
const patience = { start: 45_000, action: 30_000, end: 30_000 } as const

/** The first window's page; an application that shows none is ended, and told of. */
async function firstPage(app: ElectronApplication): Promise<Page> {
  try {
    const page = await app.firstWindow({ timeout: patience.start })
    // Without this an action waits as long as its whole test may, and nobody learns for what.
    page.setDefaultTimeout(patience.action)
    await page.waitForLoadState('load', { timeout: patience.start })
    return page
  } catch (thrown) {
    app.process().kill('SIGKILL')
    throw thrown
  }
}

/** Ends an application as the user would; one that does not end is killed, and told of. */
async function ended(app: ElectronApplication): Promise<void> {
  const main = app.process()
  let overdue = false
  const timer = setTimeout(() => {
    overdue = true
    main.kill('SIGKILL')
  }, patience.end)
  await app.close()
  clearTimeout(timer)
  if (overdue) throw new Error('The application was told to end, and did not within 30 seconds.')
}

/**
 * Starts the built application in the runtime that set-up chose.
 *
 * @throws when set-up has not run
 */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const runtime = findRuntime()
  if (runtime === undefined) throw new Error('No Electron runtime: run "npm run setup" first.')
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'pixelwise-e2e-')))
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...sandboxFlags(), root, ...(options.args ?? [])],
    cwd: root,
    env: {
      ...environment(),
      ...sqliteEnvironment(runtime.nodeApi),
      // Pictures and texts must not depend on where the tests run.
      LANG: 'en_GB.UTF-8',
      LANGUAGE: 'en_GB',
      TZ: 'UTC',
      PIXELWISE_DATA_FOLDER: dataFolder,
      ...options.env,
    },
  })
  const page = await firstPage(app)
  return {
    app,
    page,
    dataFolder,
    close: async () => {
      await ended(app)
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
    kill: async () => {
      const main = app.process()
      const gone = new Promise((done) => main.once('exit', done))
      main.kill('SIGKILL')
      await gone
    },
  }
}
