import { AppError } from '../../../../../src/shared/errors'
import { summed } from './compare'

/** What a graph was found to do. */
export class Findings {
  /** What does not hold. */
  readonly complaints: string[] = []
  /** Why a method did not take the graph, in its own words. */
  readonly refusals: string[] = []
  /** Comparisons in which float32 noise is above 1 % of what is compared: they say little. */
  readonly blurred: string[] = []
  /** How many comparisons were made. */
  compared = 0
  readonly #nodes: ReadonlySet<string>

  /** @param nodes names of the graph's nodes, one of which a refusal must name. */
  constructor(nodes: Iterable<string>) {
    this.#nodes = new Set(nodes)
  }

  complain(property: string, detail: string): void {
    this.complaints.push(`${property}: ${detail}`)
  }

  /** Runs what may be refused by the name of a node; null where it is. */
  async unlessRefused<T>(property: string, run: () => Promise<T>): Promise<T | null> {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unsupported-operator') throw error
      const named = [...error.message.matchAll(/“([^”]*)”/g)].map(([, name = '']) => name)
      if (!named.some((name) => this.#nodes.has(name)))
        this.complain(property, `the refusal names no node of the graph: ${error.message}`)
      this.refusals.push(error.message)
      return null
    }
  }

  /**
   * Two lists of numbers, by the length of their difference.
   * @param share of theirs that the difference may have.
   * @param noise how far float32 may move each number, asked for only where the share is passed.
   */
  compare(
    property: string,
    ours: ArrayLike<number>,
    theirs: ArrayLike<number>,
    share: number,
    noise?: () => ArrayLike<number>,
  ): void {
    this.compared++
    if (ours.length !== theirs.length) {
      this.complain(property, `${ours.length} numbers, not ${theirs.length}`)
      return
    }
    const size = Math.max(summed(theirs, (value) => value ** 2) ** 0.5, 1e-12)
    const error = summed(ours, (value, at) => (value - (theirs[at] ?? Number.NaN)) ** 2) ** 0.5
    if (error <= share * size) return
    const blur = noise ? summed(noise(), (value) => value ** 2) ** 0.5 : 0
    if (!(error <= noiseFactor * blur)) {
      this.complain(property, `off by ${(error / size).toExponential(2)}, noise ${(blur / size).toExponential(2)}`) // prettier-ignore
    } else if (blur > 0.01 * size) this.blurred.push(property)
  }
}

/** How much longer sums of many terms may wander than one rounding of each. */
export const noiseFactor = 16
