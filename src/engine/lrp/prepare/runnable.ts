import { AppError } from '../../../shared/errors'
import type { Node } from '../../onnx/model'

/** What ONNX Runtime brings along; operators of others need a library of their own. */
const knownDomains = new Set(['', 'ai.onnx.ml', 'com.microsoft'])

/**
 * Refuses, by name, nodes that cannot be run here: of domains that nobody brings along, and those with
 * subgraphs (If, Loop, Scan) or other attributes that are not read.
 * @throws AppError `unsupported-operator`
 */
export function assertRunnable(nodes: readonly Node[]): void {
  for (const node of nodes) {
    const reason = notRunnableBecause(node)
    if (reason === null) continue
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (${node.operator}) cannot be run: ${reason}.`,
      'Export the model without it: with standard operators, and with branches and loops resolved.',
    )
  }
}

function notRunnableBecause(node: Node): string | null {
  if (!knownDomains.has(node.domain))
    return `its operator is of the domain “${node.domain}”, which is not one of ONNX Runtime’s`
  const unread = [...node.attributes].find(([, { kind }]) => kind === 'unread')
  return unread ? `its attribute “${unread[0].slice(0, 60)}” is a subgraph or of another kind that is not read` : null // prettier-ignore
}
