import type { GraphBuilder } from '../builder'
import type { LinearLayer } from '../layers/linearLayer'
import type { LedgerSum } from '../ledgerSum'
import type { Signal } from '../signal'

/** Our default stabiliser (docs/conventions.md). */
export const defaultStabiliser = 1e-6

/** A parameter as people write it: 0.25, 1e-6. */
export function parameterText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

/** Writes the nodes that sum up a share of relevance. Only called when a ledger is kept. */
export type Share = () => LedgerSum

/** Where relevance went that did not reach the inputs. */
export interface Shares {
  readonly bias?: Share
  readonly stabiliser?: Share
  /** Kept back because the rule itself does not conserve at some neurons. */
  readonly unexplained?: Share
}

export interface RuleContext {
  readonly builder: GraphBuilder
  readonly layer: LinearLayer
  /** R at the layer's output. */
  readonly relevance: Signal
  /**
   * A value that is z wherever R is not 0, where a ReLU (or a Clip from 0) lies behind and is the only consumer, so
   * that R is 0 wherever z ≤ 0; null elsewhere.
   */
  readonly rectified: string | null
}

export interface RuleResult {
  /** R at the layer's input. */
  readonly signal: Signal
  readonly shares: Shares
}

/** A rule with its parameters: a small pure function from a layer and R at its output to R at its input. */
export interface Rule {
  /** For ledger and coverage, such as "gamma 0.25". */
  readonly label: string
  readonly apply: (context: RuleContext) => RuleResult
}
