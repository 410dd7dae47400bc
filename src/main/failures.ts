import { app, dialog } from 'electron'

/** What no part of the program expected: said calmly, without a stack; what is saved is on disk. */
export function reportFailures(): void {
  process.on('unhandledRejection', (reason) => {
    // Nothing waits for it, so nothing is lost with it.
    console.error('main:', kindOf(reason))
  })
  process.on('uncaughtException', (error) => {
    console.error('main:', kindOf(error), error.stack ?? '')
    fail('Pixelwise had to stop')
  })
}

/** Ends the program with a sentence. */
export function fail(title: string): void {
  dialog.showErrorBox(
    title,
    'Everything up to your last change is saved. Please start it again; if it stops again, report it.',
  )
  app.exit(1)
}

/** The kind of an error without its message, which may hold a file's name. */
export function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown
  return 'code' in thrown ? `${thrown.name} ${String(thrown.code)}` : thrown.name
}
