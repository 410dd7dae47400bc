import { floatTensor, int64Tensor } from '../../../../src/engine/onnx/elements'
import { DataType, type Model, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { writeModel } from '../../../../src/engine/onnx/write'
import type { Case } from '../../reference/cases/case'
import { sizeOf } from '../../reference/ndArray'
import { noise } from './smallNetwork'

/** A classifier around one node, and an image that gives it the numbers that it is to be fed. */
export interface OneOperator {
  readonly bytes: Uint8Array
  readonly image: Float32Array
}

/** Inputs of these from the second on are parameters, not activations. */
const withWeights = new Set(['Conv', 'ConvTranspose', 'BatchNormalization', 'PRelu'])

/**
 * One node between an image, [1, n], and a dense layer without bias: its inputs are cut out of the image, its
 * outputs are flattened and put one behind another. What the operator does is then all that happens.
 * @param opset of the file. @param outputSizes numbers in each output that is used.
 */
export function classifierAround(
  of: Case,
  opset: number,
  outputSizes: readonly number[],
): OneOperator {
  const tensors = new Map<string, Tensor>()
  const nodes: Node[] = []
  const add = (tensor: Tensor): string => {
    tensors.set(tensor.name, tensor)
    return tensor.name
  }
  const node = (operator: string, inputs: string[], output: string, attributes = {}): string => {
    nodes.push({
      name: `make ${output}`,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }
  const image: number[] = []
  const inputs = of.inputs.map((input, at) => {
    if (!input) return ''
    if ('constant' in input) return add({ ...input.constant, name: `in${at}` })
    const { dims, low, high } = input.fed
    const values = noise(opset + 31 * at, sizeOf(dims)).map((v) => low + ((high - low) * (v + 1)) / 2) // prettier-ignore
    if (at > 0 && withWeights.has(of.operator)) return add(floatTensor(`in${at}`, dims, values))
    const from = image.length
    image.push(...values)
    const places = Array.from(values, (_, i) => from + i)
    const piece = node(
      'Gather',
      ['input', add(int64Tensor(`places${at}`, [places.length], places))],
      `piece${at}`,
      { axis: { kind: 'int', value: 1 } },
    )
    return node('Reshape', [piece, add(int64Tensor(`dims${at}`, [dims.length], dims))], `x${at}`)
  })
  const outputs = Array.from({ length: of.outputs }, (_, at) => `out${at}`)
  nodes.push({
    name: 'the node',
    operator: of.operator,
    domain: '',
    inputs,
    outputs,
    attributes: of.attributes,
  })
  const parts = outputSizes.map((size, at) =>
    node('Reshape', [outputs[at] ?? '', add(int64Tensor(`flat${at}`, [2], [1, size]))], `y${at}`),
  )
  const all = node('Concat', parts, 'features', { axis: { kind: 'int', value: 1 } })
  const count = outputSizes.reduce((sum, size) => sum + size, 0)
  const weights = add(floatTensor('weights', [count, 2], noise(5, 2 * count)))
  node('MatMul', [all, weights], 'logits', {})
  const model: Model = {
    irVersion: opset < 15 ? 6 : opset < 21 ? 8 : 10,
    producer: 'test',
    opsets: new Map([['', opset]]),
    graph: {
      name: 'one operator',
      nodes,
      initializers: tensors,
      inputs: [{ name: 'input', dataType: DataType.float, dims: [1, image.length] }],
      outputs: [{ name: 'logits', dataType: DataType.float, dims: [1, 2] }],
    },
  }
  return { bytes: writeModel(model), image: Float32Array.from(image) }
}
