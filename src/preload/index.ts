import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, Channel, EventName } from '../shared/ipc/contract'

/*
 * The names are written out instead of read from the contract so that its schemas
 * need not be loaded here; a missing or a surplus name does not compile.
 */
const channelNames: Readonly<Record<Channel, true>> = {
  'app.info': true,
  'app.openHelp': true,
  'settings.get': true,
  'settings.set': true,
  'files.chooseModel': true,
  'files.chooseComposite': true,
  'files.chooseImages': true,
  'files.chooseFolder': true,
  'files.dropped': true,
  'models.inspect': true,
  'models.samples': true,
  'sessions.list': true,
  'sessions.create': true,
  'sessions.addImages': true,
  'sessions.open': true,
  'sessions.traits': true,
  'sessions.rename': true,
  'sessions.remove': true,
  'sessions.saveView': true,
  'images.bytes': true,
  'images.thumbnail': true,
  'analysis.predict': true,
  'analysis.explain': true,
  'jobs.cancel': true,
  'review.get': true,
  'review.apply': true,
  'review.undo': true,
  'review.redo': true,
  'report.model': true,
  'report.export': true,
}

const eventNames: Readonly<Record<EventName, true>> = {
  'job.progress': true,
  'action.perform': true,
  'engine.restarted': true,
}

/** As `ipcName` in main: a sandboxed script holds one file, so it imports nothing of main's. */
function ipcName(name: string): string {
  return `pixelwise:${name}`
}

function mapNames<N extends string, V>(
  names: Readonly<Record<N, true>>,
  value: (name: string) => V,
): { readonly [K in N]: V }
function mapNames(names: Readonly<Record<string, true>>, value: (name: string) => unknown): object {
  return Object.fromEntries(Object.keys(names).map((name) => [name, value(name)]))
}

const bridge: Bridge = {
  call: mapNames(
    channelNames,
    (name) =>
      (request: unknown): Promise<unknown> =>
        ipcRenderer.invoke(ipcName(name), request),
  ),
  on: mapNames(eventNames, (name) => (listener: (payload: unknown) => void) => {
    // The event object leads to Electron's own interfaces, so it stays here.
    const forward = (_event: unknown, payload: unknown): void => {
      listener(payload)
    }
    ipcRenderer.on(ipcName(name), forward)
    return () => {
      ipcRenderer.removeListener(ipcName(name), forward)
    }
  }),
  pathsOf: (files) =>
    files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
}

contextBridge.exposeInMainWorld('pixelwise', bridge)
