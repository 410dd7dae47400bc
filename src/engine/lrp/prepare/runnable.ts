import { integersOf, isInteger } from '../../onnx/elements'
import type { Graph, Node, Tensor } from '../../onnx/model'
import { plainName } from '../../onnx/names'
import { NodeRefusal } from '../nodeRefusal'

/** What ONNX Runtime brings along; operators of others need a library of their own. */
const knownDomains = new Set(['', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc'])

/** How many inputs ONNX Runtime reads of its own operators without looking whether they are there. */
const inputsRead = new Map([
  ['QLinearAdd', 8],
  ['QLinearMul', 8],
  ['QLinearSigmoid', 5],
  ['QLinearLeakyRelu', 5],
  ['QLinearSoftmax', 5],
  ['QLinearAveragePool', 5],
  ['QLinearGlobalAveragePool', 5],
  ['QLinearConcat', 5],
  ['QGemm', 6],
])

/** Operators for which a list of nothing says something: no axes, no scales, no shape. */
const mayReadNothing = /^(Reshape|Squeeze|Unsqueeze|Expand|Tile|Slice|Pad|Split|Concat|ConstantOfShape|Resize|Upsample|Reduce.*)$/ // prettier-ignore

/**
 * Refuses, by name, nodes that cannot be run here, or would end ONNX Runtime and the process with it:
 * of domains that nobody brings along; with subgraphs (If, Loop, Scan) or other attributes that are not
 * read; without inputs or names of outputs that are taken for granted; that compute with weights of no elements; that divide
 * whole numbers by −1.
 * @throws AppError `unsupported-operator` or `invalid-model`
 */
export function assertRunnable({ nodes, initializers }: Graph): void {
  const constants = new Map(initializers)
  for (const node of nodes) {
    const value = node.operator === 'Constant' ? node.attributes.get('value') : undefined
    if (value?.kind === 'tensor') constants.set(node.outputs[0] ?? '', value.value)
  }
  for (const node of nodes) {
    const reason = notRunnableBecause(node)
    if (reason !== null) {
      throw new NodeRefusal(
        node,
        `cannot be run: ${reason}`,
        'Export the model without it: with standard operators, and with branches and loops resolved.',
      )
    }
    if (dividesByMinusOne(node, constants)) {
      throw new NodeRefusal(
        node,
        'cannot be run: it divides whole numbers by −1, which can end the process',
        'Export the model with a multiplication instead.',
      )
    }
    const nothing = emptyInput(node, constants)
    if (nothing !== undefined) {
      throw new NodeRefusal(
        node,
        `reads “${plainName(nothing)}”, which has no elements`,
        'Check the model with the tool that exported it, and export it again.',
        'invalid-model',
      )
    }
  }
}

/** The lowest whole number over −1 is none that its type has: a fault of the processor, not an error. */
function dividesByMinusOne(
  { operator, inputs }: Node,
  constants: ReadonlyMap<string, Tensor>,
): boolean {
  if (operator !== 'Div' && operator !== 'Mod') return false
  const divisor = constants.get(inputs[1] ?? '')
  return divisor !== undefined && isInteger(divisor.dataType) && integersOf(divisor).includes(-1)
}

function emptyInput(node: Node, constants: ReadonlyMap<string, Tensor>): string | undefined {
  if (mayReadNothing.test(node.operator)) return undefined
  return node.inputs.find((input) => constants.get(input)?.dims.includes(0))
}

function notRunnableBecause(node: Node): string | null {
  if (!knownDomains.has(node.domain))
    return `its operator is of the domain “${node.domain}”, which is not one of ONNX Runtime’s`
  const read = node.domain === 'com.microsoft' ? (inputsRead.get(node.operator) ?? 0) : 0
  const there = node.inputs.slice(0, read).filter((input) => input !== '').length
  if (there < read) return `it has ${there} of its ${read} inputs`
  // ONNX Runtime ends the process over it.
  if (node.operator === 'Split' && node.outputs.includes('')) return 'one of its parts has no name'
  const unread = [...node.attributes].find(([, { kind }]) => kind === 'unread')
  return unread
    ? `its attribute “${plainName(unread[0])}” is a subgraph or of another kind that is not read`
    : null
}
