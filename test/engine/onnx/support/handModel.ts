import { packElements } from '../../../../src/engine/onnx/elements'
import { DataType, type Attribute, type Graph, type Node, type Tensor } from '../../../../src/engine/onnx/model' // prettier-ignore
import { writeModel } from '../../../../src/engine/onnx/write'

/** `domain.Operator` or `Operator`; the first output names the node. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: string | readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  const made = typeof outputs === 'string' ? [outputs] : outputs
  const dot = operator.lastIndexOf('.')
  return {
    name: made[0] ?? '',
    operator: operator.slice(dot + 1),
    domain: operator.slice(0, Math.max(0, dot)),
    inputs,
    outputs: made,
    attributes: new Map(Object.entries(attributes)),
  }
}

export function tensor(
  name: string,
  dims: readonly number[],
  numbers: readonly number[],
  dataType: number = DataType.float,
): Tensor {
  return { name, dims, dataType, raw: packElements(numbers, dataType) }
}

export interface HandModel {
  readonly nodes: readonly Node[]
  readonly tensors: readonly Tensor[]
  /** Of the input `x`. */
  readonly dims: readonly (number | null)[]
  readonly dataType?: number
  readonly outputs?: readonly string[]
  /** The outputs' type; not stated when absent. */
  readonly outputType?: number
  /** Of every output. */
  readonly outputDims?: readonly (number | null)[]
  /** Of some outputs, by name. */
  readonly dimsOf?: Readonly<Record<string, readonly (number | null)[]>>
  readonly opset?: number
  readonly moreInputs?: Graph['inputs']
}

/** A model of a few nodes, from `x` to `y`. */
export function handModel(hand: HandModel): Uint8Array {
  const { nodes, tensors, dims, dataType = DataType.float, outputs = ['y'], outputType = 0, outputDims = [], dimsOf = {} } = hand // prettier-ignore
  return writeModel({
    irVersion: 8,
    producer: 'by hand',
    opsets: new Map([
      ['', hand.opset ?? 17],
      ['com.microsoft', 1],
    ]),
    graph: {
      name: 'by hand',
      nodes,
      initializers: new Map(tensors.map((each) => [each.name, each])),
      inputs: [{ name: 'x', dataType, dims }, ...(hand.moreInputs ?? [])],
      outputs: outputs.map((name) => ({
        name,
        dataType: outputType,
        dims: dimsOf[name] ?? outputDims,
      })),
    },
  })
}
