import { fork, type ChildProcess } from 'node:child_process'
import type { FuzzCase, FuzzOutcome } from './fuzzChild'

export type FuzzEnd = FuzzOutcome | 'hung' | 'crashed'

/** Runs cases in a child process, which is replaced when it crashes or takes too long. */
export class Fuzzer {
  readonly #entry: string
  readonly #limit: number
  #child: ChildProcess | null = null

  /** @param limit milliseconds for one case. */
  constructor(entry: string, limit: number) {
    this.#entry = entry
    this.#limit = limit
  }

  async run(fuzzCase: FuzzCase): Promise<FuzzEnd> {
    const child = await this.#running()
    return new Promise<FuzzEnd>((resolve) => {
      const finish = (ended: FuzzEnd): void => {
        clearTimeout(timer)
        child.removeAllListeners('message').removeAllListeners('exit')
        if (ended === 'hung') child.kill('SIGKILL')
        if (typeof ended === 'string') this.#child = null
        resolve(ended)
      }
      const timer = setTimeout(() => finish('hung'), this.#limit)
      child.once('message', (outcome: FuzzOutcome) => finish(outcome))
      child.once('exit', () => finish('crashed'))
      child.send(fuzzCase)
    })
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
  }

  #running(): Promise<ChildProcess> {
    const running = this.#child
    if (running) return Promise.resolve(running)
    const child = fork(this.#entry, [], { serialization: 'advanced', stdio: 'ignore' })
    this.#child = child
    return new Promise((resolve, reject) => {
      child.once('message', () => resolve(child))
      child.once('exit', () => reject(new Error('the child ended before it began')))
    }).finally(() => child.removeAllListeners('exit')) as Promise<ChildProcess>
  }
}
