import type { SmallGraph } from './smallGraph'

/** A small graph, and what becomes of it. */
export interface LayoutCase {
  readonly name: string
  /** Writes the graph for a block of b channels. @returns its outputs. */
  readonly write: (graph: SmallGraph, b: number) => readonly string[]
  /** Operators of the nodes that are made in blocks, as the graph has them; of fused ones the last. */
  readonly inBlocks: string
  /** How often channels come out of their blocks, where the case is about that. */
  readonly outOf?: number
}
