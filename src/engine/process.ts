import { engineMethods } from '../shared/ipc/engine'
import { parentPortOf, serve } from '../shared/ipc/serve'
import { onnxCompiler } from './compiler'
import { createEngine } from './service'

/**
 * The engine process: an Electron utility process, or a forked Node child. It keeps nothing that is not
 * on disk elsewhere, so whatever is unexpected ends it, and its parent starts a new one.
 */
process.on('unhandledRejection', (reason) => {
  console.error(reason)
  process.exit(1)
})

// A parent that is gone leaves no one to work for.
process.on('disconnect', () => process.exit(0))

serve(engineMethods, createEngine(onnxCompiler).handlers, parentPortOf(process))
