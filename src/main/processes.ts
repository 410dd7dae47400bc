import { join } from 'node:path'
import type { ErrorShape } from '../shared/errors'
import { engineMethods } from '../shared/ipc/engine'
import { reportMethods } from '../shared/ipc/report'
import { createProcessClient } from './engine/client'
import { utilitySpawn } from './engine/utility'
import type { Engine, ReportProcess } from './handlers/services'

export interface ProcessesInput {
  /** Where the entry files of the processes lie. */
  readonly built: string
  readonly workingFolder: string
  /** Pass on what the processes write to their error output; it may name files. */
  readonly verbose: boolean
  readonly onEngineCrash: (error: ErrorShape) => void
}

/** The engine process is renewed when idle after this many requests, or above this many bytes. */
const recycleAfter = 2000
const recycleAboveBytes = 3 * 1024 ** 3

/** The two helpers of main; neither is started before it is asked for something. */
export function createProcesses(input: ProcessesInput): { engine: Engine; report: ReportProcess } {
  const { built, workingFolder, verbose } = input
  return {
    engine: createProcessClient({
      methods: engineMethods,
      name: 'The engine',
      spawn: utilitySpawn({
        entry: join(built, 'engine.js'),
        serviceName: 'Pixelwise engine',
        workingFolder,
        verbose,
      }),
      now: Date.now,
      onCrash: input.onEngineCrash,
      recycleAfter,
      recycleAboveBytes,
    }),
    report: createProcessClient({
      methods: reportMethods,
      name: 'The report writer',
      spawn: utilitySpawn({
        entry: join(built, 'report.js'),
        serviceName: 'Pixelwise report',
        workingFolder,
        verbose,
      }),
      now: Date.now,
      // The export that failed tells it; nothing else depended on the process.
      onCrash: () => undefined,
      // Reports are rare: its memory is given back after each.
      recycleAfter: 1,
    }),
  }
}
