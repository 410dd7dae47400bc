import { AppError, type ErrorCode } from '../../shared/errors'
import type { Node } from '../onnx/model'

/** What refuses a node, in a form that can be told of it before anything is explained: see `inspectGraph`. */
export class NodeRefusal extends AppError {
  /**
   * @param node whose name and operator the message begins with.
   * @param reason what it does, as the rest of a sentence without its full stop.
   */
  constructor(
    readonly node: Pick<Node, 'name' | 'operator'>,
    readonly reason: string,
    hint: string,
    code: ErrorCode = 'unsupported-operator',
  ) {
    super(code, `Node “${node.name}” (${node.operator}) ${reason}.`, hint)
  }
}
