import type { Draft, Layout, Wire } from './draft'

/** One row of the generator's table: something that a network may have at a place. */
export interface Entry {
  readonly name: string
  /** The operators that it stands for: what leaves them out leaves it out. */
  readonly operators: readonly string[]
  /** Layouts of the values that it may follow. */
  readonly layouts: readonly Layout[]
  /** The operator sets in which all of them can be written; all of them when absent. */
  readonly since?: number
  readonly until?: number
  /** How likely it is, against the others; 1 when absent. */
  readonly weight?: number
  /** `head`: leads to [N, F], and may end the network. `branch`: grows others inside itself. */
  readonly role?: 'head' | 'branch'
  /** Whether the shape stays the same, so that it may stand in a branch that is added to another. */
  readonly keepsShape?: boolean
  /**
   * Whether f(x) = Σ_i x_i ∂f/∂x_i but for constants that are added (Euler): AttnLRP, which stabilises nothing,
   * is then input × gradient.
   */
  readonly isHomogeneous?: boolean
  /** Whether it can stand behind this very value. */
  readonly fits?: (x: Wire, draft: Draft) => boolean
  readonly write: (draft: Draft, x: Wire, grow: Grow) => Wire
}

/** Writes some entries one behind another. */
export type Grow = (x: Wire, count: number, options?: { readonly keepsShape?: boolean }) => Wire
