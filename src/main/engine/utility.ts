import { app, utilityProcess } from 'electron'
import type { Spawn } from './transport'

export interface UtilityInput {
  /** The entry file, such as out/main/engine.js. */
  readonly entry: string
  /** As the system's process list shows it. */
  readonly serviceName: string
  /** An empty folder: ONNX Runtime resolves external data against it when it has no other place. */
  readonly workingFolder: string
  /** Pass on what the process writes to its error output. */
  readonly verbose: boolean
}

/** Starts Electron's kind of child process: it survives a build without `ELECTRON_RUN_AS_NODE`. */
export function utilitySpawn(input: UtilityInput): Spawn {
  return () => {
    const child = utilityProcess.fork(input.entry, [], {
      serviceName: input.serviceName,
      cwd: input.workingFolder,
      stdio: 'pipe',
    })
    // Native code writes warnings there; unread pipes would block it in the end.
    child.stdout?.resume()
    if (input.verbose) child.stderr?.pipe(process.stderr, { end: false })
    else child.stderr?.resume()
    return {
      post: (message) => {
        child.postMessage(message)
      },
      onMessage: (listener) => {
        child.on('message', listener)
      },
      onExit: (listener) => {
        child.once('exit', () => {
          listener()
        })
      },
      kill: () => {
        child.kill()
      },
      residentBytes: () => {
        const metric = app.getAppMetrics().find(({ pid }) => pid === child.pid)
        // Electron counts in kilobytes.
        return metric ? metric.memory.workingSetSize * 1024 : null
      },
    }
  }
}
