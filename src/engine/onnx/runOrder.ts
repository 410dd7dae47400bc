import type { Model } from './model'

/**
 * The same graph, written so that ONNX Runtime's CPU provider runs it in the order that its nodes have here. It
 * goes through a graph depth first from what nobody reads, and of several inputs to the one whose node the file
 * has last; nodes written last first are therefore run as they were listed. In the file's own order all that
 * depends on the forward pass alone would run right behind it, and every sum of the ledger at the very end, when
 * what they read has long left the cache.
 */
export function inListedOrder(model: Model): Model {
  return { ...model, graph: { ...model.graph, nodes: model.graph.nodes.toReversed() } }
}
