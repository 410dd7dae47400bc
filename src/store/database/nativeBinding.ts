import { existsSync } from 'node:fs'
import { AppError } from '../../shared/errors'

// better-sqlite3's prebuilt add-ons need Node-API 10; an older runtime dies of them with a
// segmentation fault that nothing can catch.
const neededNodeApi = 10

/**
 * Refuses, before anything is loaded, an add-on this runtime would crash on.
 * @returns the options better-sqlite3 takes
 */
export function bindingOptions(nativeBinding: string | undefined): { nativeBinding?: string } {
  if (nativeBinding === undefined) {
    if (Number(process.versions.napi) >= neededNodeApi) return {}
    throw new AppError(
      'io',
      'The database add-on has not been built for this version of Node yet; nothing was opened.',
      'Run "npm run setup", then start again.',
    )
  }
  if (!existsSync(nativeBinding)) {
    throw new AppError(
      'io',
      `The database add-on is missing at ${nativeBinding}; nothing was opened.`,
      'Run "npm run setup", then start again.',
    )
  }
  return { nativeBinding }
}
