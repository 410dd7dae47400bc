import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { appScheme } from './security/origin'
import { responseHeaders } from './security/policies'
import { servedFile } from './security/servedFile'

/** Must run before Electron is ready; a scheme registered later is neither standard nor secure. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the files of `root`, and nothing else, to the pages of one session. */
export function serveFiles(session: Session, root: string): void {
  session.protocol.handle(appScheme, (request) => respond(root, request))
}

async function respond(root: string, request: Request): Promise<Response> {
  const file = request.method === 'GET' ? await servedFile(root, request.url) : null
  if (!file) return new Response(null, { status: 404, headers: { ...responseHeaders } })
  return new Response(new Uint8Array(await readFile(file.path)), {
    headers: { ...responseHeaders, 'Content-Type': file.contentType },
  })
}
