import { stopping } from '../piecewiseConstant'
import { outputOf, type Operator } from './operator'

/**
 * Piecewise constant functions: their derivative is 0 wherever there is one, so nothing goes on. Relevance that
 * arrives is stated as unexplained. Of Cast those are left here that make whole numbers or come from them;
 * between floating-point types it has become Identity.
 */
export const stops: Operator = {
  names: [...stopping, 'Cast'],
  kind: 'stop',
  detail: 'piecewise constant: nothing passes',
  backward: (node, signal, { network, ledger }) => {
    if (!ledger) return
    const arrived = ledger.sum(signal, network.shape(outputOf(node)))
    ledger.record({ node: node.name, operator: node.operator, rule: 'stop' }, arrived, [], {
      unexplained: () => arrived,
    })
  },
}
