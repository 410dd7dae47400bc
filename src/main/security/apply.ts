import type { App, Session } from 'electron'
import { navigationAllowed, permissionAllowed, requestAllowed } from './policies'

/** Hands the tables of `policies.ts` to one Electron session. */
export function restrictSession(session: Session, development: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(permissionAllowed(permission, details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    permissionAllowed(permission, origin),
  )
  session.setDevicePermissionHandler(() => false)
  // Answering with no stream refuses screen capture.
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({})
  })
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !requestAllowed(details.url, development) })
  })
  session.on('will-download', (event) => {
    event.preventDefault()
  })
  // A spelling checker would fetch its dictionaries.
  session.setSpellCheckerEnabled(false)
}

/** Holds for every page that could ever come to be, not only for the window that main makes. */
export function restrictContents(app: App): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => {
      if (!navigationAllowed(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !navigationAllowed(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => {
      event.preventDefault()
    })
  })
}
