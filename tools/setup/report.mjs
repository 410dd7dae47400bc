/**
 * A set-up step that could not be done: one sentence that says what failed, one that says what to do.
 */
export class SetupError extends Error {
  /**
   * @param {string} message what failed
   * @param {string} advice what to do
   * @param {string} [detail] what the failing program itself said, for whoever reads on
   */
  constructor(message, advice, detail = '') {
    super(message)
    this.name = 'SetupError'
    this.advice = advice
    this.detail = detail
  }
}

/**
 * One line of progress. It goes to stderr, so that the standard output of a command stays its own.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`pixelwise: ${line}\n`)
}

/**
 * Runs `body` as the whole program: its number is the exit status; a SetupError becomes its two
 * sentences and status 1.
 *
 * @param {() => Promise<number>} body
 */
export async function asProgram(body) {
  try {
    process.exitCode = await body()
  } catch (thrown) {
    if (!(thrown instanceof SetupError)) throw thrown
    if (thrown.detail.trim() !== '') process.stderr.write(`${thrown.detail.trimEnd()}\n`)
    say(`failed: ${thrown.message}`)
    say(`to do: ${thrown.advice}`)
    process.exitCode = 1
  }
}
