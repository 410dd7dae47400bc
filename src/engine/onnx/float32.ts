import { int, intOf } from './attributes'
import { floatTensor } from './elements'
import { roundFloat64, widenBfloat16, widenFloat16 } from './halfFloats'
import { DataType, type Attribute, type Model, type Node, type Tensor, type Value } from './model'
import { isFloat, valueTypes } from './valueTypes'

/** Other floating-point types, and how their numbers become float32. */
const others = new Map<number, { name: string; convert: (raw: Uint8Array) => Float32Array }>([
  [DataType.float16, { name: 'float16', convert: widenFloat16 }],
  [DataType.bfloat16, { name: 'bfloat16', convert: widenBfloat16 }],
  [DataType.double, { name: 'float64', convert: roundFloat64 }],
])

/** Attributes that name the element type of what a node makes. */
const typeAttributes = ['to', 'dtype', 'output_dtype', 'stash_type']

/**
 * The same network in float32: weights, constants, inputs, outputs and Casts of other floating-point
 * types. float16 and bfloat16 weights keep their values exactly, float64 ones are rounded; activations
 * are computed in float32, without the original's roundings or with its own. Casts between
 * floating-point types become Identity, those to the type of another value plain Casts.
 * @returns the model, and what was done in words; nothing was where the model is float32 already.
 */
export function asFloat32(model: Model): { model: Model; notes: string[] } {
  const { graph } = model
  const counts = new Map<number, number>()
  const tensorAs = (tensor: Tensor): Tensor => {
    const type = others.get(tensor.dataType)
    if (!type) return tensor
    counts.set(tensor.dataType, (counts.get(tensor.dataType) ?? 0) + 1)
    return floatTensor(tensor.name, tensor.dims, type.convert(tensor.raw))
  }
  const typeOf = valueTypes(graph)
  let casts = 0
  const nodes = graph.nodes.map((read): Node => {
    const node = castByType(read, typeOf)
    if (node.operator === 'Cast' && betweenFloats(node, typeOf)) {
      if (others.has(intOf(node, 'to', 0))) casts++
      return { ...node, operator: 'Identity', attributes: new Map() }
    }
    if (![...node.attributes].some(([name, value]) => mustChange(name, value))) return node
    const attributes = new Map(
      [...node.attributes].map(([name, value]): [string, Attribute] => {
        if (!mustChange(name, value)) return [name, value]
        return [
          name,
          value.kind === 'tensor' ? { ...value, value: tensorAs(value.value) } : float32,
        ]
      }),
    )
    return { ...node, attributes }
  })
  const initializers = new Map(
    [...graph.initializers].map(([name, tensor]) => [name, tensorAs(tensor)]),
  )
  const inputs = graph.inputs.map(valueAs)
  const outputs = graph.outputs.map(valueAs)
  return {
    model: { ...model, graph: { ...graph, nodes, initializers, inputs, outputs } },
    notes: [
      ...inputNotes(graph.inputs),
      ...weightNotes(counts),
      ...(casts > 0 ? [`${casts} Cast ${casts === 1 ? 'node' : 'nodes'} to other floating-point types left out`] : []), // prettier-ignore
    ],
  }
}

const float32 = int(DataType.float)

function mustChange(name: string, attribute: Attribute): boolean {
  if (attribute.kind === 'tensor') return others.has(attribute.value.dataType)
  return attribute.kind === 'int' && typeAttributes.includes(name) && others.has(attribute.value)
}

/** CastLike takes its type from a value, which PyTorch's functions use for their numbers; a Cast states it. */
function castByType(node: Node, typeOf: (value: string) => number): Node {
  const like = node.operator === 'CastLike' && node.domain === '' ? typeOf(node.inputs[1] ?? '') : 0
  if (like === 0) return node
  const attributes = new Map([['to', int(like)]])
  return { ...node, operator: 'Cast', inputs: node.inputs.slice(0, 1), attributes }
}

function betweenFloats(cast: Node, typeOf: (value: string) => number): boolean {
  return isFloat(intOf(cast, 'to', 0)) && isFloat(typeOf(cast.inputs[0] ?? ''))
}

function valueAs(value: Value): Value {
  return others.has(value.dataType) ? { ...value, dataType: DataType.float } : value
}

function inputNotes(inputs: readonly Value[]): string[] {
  return inputs
    .filter(({ dataType }) => others.has(dataType))
    .map(({ dataType }) => `the ${others.get(dataType)?.name} input is fed as float32`)
}

function weightNotes(counts: ReadonlyMap<number, number>): string[] {
  return [...counts].map(([type, count]) => {
    const what = `${others.get(type)?.name} ${count === 1 ? 'tensor' : 'tensors'}`
    return type === DataType.double
      ? `${count} ${what} rounded to float32`
      : `${count} ${what} widened to float32, exactly; computed in float32`
  })
}
