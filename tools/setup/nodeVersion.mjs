import { SetupError } from './report.mjs'

const oldest = [20, 19]

/**
 * @param {string} version as `process.versions.node` gives it
 */
export function isNodeRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

/** @throws {SetupError} when this Node is too old */
export function checkNodeVersion(version = process.versions.node) {
  if (isNodeRecentEnough(version)) return
  throw new SetupError(
    `Pixelwise needs Node.js ${oldest.join('.')} or newer, and this is ${version}.`,
    'Install the current long-term version from https://nodejs.org, then repeat the command.',
  )
}
