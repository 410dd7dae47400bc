import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, Menu, nativeTheme, session, type BrowserWindow } from 'electron'
import { openStore } from '../store'
import { createDialogs } from './dialogs'
import { createProviderInUse } from './engine/providerInUse'
import { fail, kindOf, reportFailures } from './failures'
import { createFileTokens } from './files/tokens'
import { emptyFolder, foldersFrom } from './folders'
import { createHandlers } from './handlers'
import type { Services } from './handlers/services'
import { handleChannels, sendEvent } from './ipc/handle'
import { createJobs } from './jobs'
import { menuTemplate } from './menu'
import { createProcesses } from './processes'
import { registerScheme, serveFiles } from './protocol'
import { resourcesIn } from './resources'
import { begin } from './samples/begin'
import { restrictContents, restrictSession } from './security/apply'
import { openAtStart } from './storeAtStart'
import { backgroundColours } from './window/options'
import { openMainWindow } from './window/window'

const development = !app.isPackaged
const built = import.meta.dirname
const resources = resourcesIn(development ? app.getAppPath() : process.resourcesPath)

app.setName('Pixelwise')
const ownFolder = join(app.getPath('appData'), 'Pixelwise')
const folders = foldersFrom(process.env['PIXELWISE_DATA_FOLDER'], ownFolder)
if (!app.commandLine.hasSwitch('user-data-dir')) {
  app.setPath('userData', folders.profile ?? ownFolder)
}
// No name is ever looked up: with the filter of requests, a second lock on the same door.
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
app.commandLine.appendSwitch('disable-background-networking')
// Chromium cannot sandbox what runs as root, and refuses to start when told to; development
// containers do that. Everywhere else the switch is overruled.
const asRoot = process.getuid?.() === 0 && app.commandLine.hasSwitch('no-sandbox')
if (!asRoot) app.enableSandbox()
reportFailures()
registerScheme()
restrictContents(app)

if (app.requestSingleInstanceLock()) {
  // Not awaited here: Electron becomes ready only after this module has run to its end.
  app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      console.error('start:', kindOf(thrown))
      fail('Pixelwise could not start')
    })
} else {
  console.error('Pixelwise is open already; its window was brought to the front.')
  app.exit(0)
}

async function start(): Promise<void> {
  let window: BrowserWindow | null = null
  const emit: Services['emit'] = (event, payload) => {
    sendEvent(window?.webContents, event, payload)
  }
  const nativeBinding = process.env['PIXELWISE_SQLITE_BINDING']
  const opened = await openAtStart(() =>
    openStore({
      folder: folders.data,
      ...(nativeBinding === undefined ? {} : { nativeBinding }),
      now: () => new Date(),
      newId: randomUUID,
    }),
  )
  const provider = createProviderInUse(() =>
    opened.ok ? opened.store().settings.get().provider : 'cpu',
  )
  const { engine, report } = createProcesses({
    built,
    verbose: development,
    workingFolder: emptyFolder(folders.data, app.getPath('temp')),
    onEngineCrash: (error) => {
      emit('engine.restarted', { error: provider.afterCrash(error) })
    },
  })
  const jobs = createJobs((event) => {
    emit('job.progress', event)
  })
  const applySettings: Services['applySettings'] = ({ theme }) => {
    nativeTheme.themeSource = theme
  }

  let beginning: ReturnType<Services['beginning']> | undefined
  const services: Services = {
    program: {
      version: app.getVersion(),
      versions: {
        Electron: process.versions.electron,
        Chromium: process.versions.chrome,
        Node: process.versions.node,
      },
      dataFolder: folders.data,
    },
    resources,
    store: opened.store,
    engine,
    provider: provider.current,
    report,
    files: createFileTokens(randomUUID),
    jobs,
    dialogs: createDialogs(() => window),
    emit,
    beginning: () =>
      (beginning ??= begin(opened.store(), engine, resources.samples, opened.notices)),
    applySettings,
    now: () => new Date(),
    newId: randomUUID,
  }
  const handlers = createHandlers(services)
  handleChannels(handlers, (contents) => contents === window?.webContents, {
    checkResponses: development,
    report: (channel, error) => {
      // Never the message: it may hold a file's name, and with it a patient's.
      if (error.code !== 'cancelled') console.error(`${channel}: ${error.code}`)
    },
  })
  applySettings(await handlers['settings.get'](undefined))

  // Kept in memory: what the page caches must not be found on the disk afterwards.
  const own = session.fromPartition('pixelwise')
  restrictSession(own, development)
  serveFiles(own, join(built, '..', 'renderer'))

  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        perform: (action) => {
          emit('action.perform', { action })
        },
        platform: process.platform,
        developerTools: development,
      }),
    ),
  )
  const main = openMainWindow({
    session: own,
    preload: join(built, '..', 'preload', 'index.cjs'),
    icon: existsSync(resources.icon) ? resources.icon : undefined,
    stateFile: join(folders.data, 'window.json'),
    developerTools: development,
    now: Date.now,
    quit: () => {
      app.quit()
    },
  })
  window = main
  // The samples are made while the page loads; `app.info` waits for them and tells what failed.
  if (opened.ok) services.beginning().catch(() => undefined)

  nativeTheme.on('updated', () => {
    if (main.isDestroyed()) return
    main.setBackgroundColor(backgroundColours[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'])
  })
  app.on('second-instance', () => {
    if (main.isDestroyed()) return
    if (main.isMinimized()) main.restore()
    main.focus()
  })
  app.on('window-all-closed', () => {
    app.quit()
  })
  app.on('will-quit', () => {
    jobs.cancelAll()
    engine.close()
    report.close()
    opened.close()
  })
}
