import { intOf } from './attributes'
import { DataType, type Graph, type Node } from './model'

const floats = new Set<number>([
  DataType.float,
  DataType.float16,
  DataType.bfloat16,
  DataType.double,
])

export function isFloat(dataType: number): boolean {
  return floats.has(dataType)
}

const toBool = new Set(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor', 'Not', 'IsNaN', 'IsInf']) // prettier-ignore
const toInt64 = new Set(['Shape', 'Size', 'NonZero', 'ArgMax', 'ArgMin', 'NonMaxSuppression'])
const toInt32 = new Set(['ConvInteger', 'MatMulInteger'])
/** Operators whose output has the type of another input than the first. */
const likeInput = new Map([['Where', 1], ['OneHot', 2], ['CastLike', 1], ['QLinearConcat', 1], ['DequantizeLinear', 1]]) // prettier-ignore
/** What these make, an attribute or a subgraph says. */
const unknown = new Set(['If', 'Loop', 'Scan', 'EyeLike', 'Bernoulli', 'Multinomial', 'Unique', 'Optional']) // prettier-ignore

/**
 * The element type of every value of a graph with sorted nodes, by what the standard says of the
 * operators that change types; 0 where it is not known.
 */
export function valueTypes(graph: Graph): (value: string) => number {
  const types = new Map<string, number>()
  for (const { name, dataType } of graph.inputs) types.set(name, dataType)
  for (const { name, dataType } of graph.initializers.values()) types.set(name, dataType)
  const typeOf = (value: string): number => types.get(value) ?? 0
  for (const node of graph.nodes) {
    for (const [at, output] of node.outputs.entries())
      if (output !== '') types.set(output, outputType(node, at, typeOf))
  }
  return typeOf
}

function outputType(node: Node, at: number, typeOf: (value: string) => number): number {
  const input = (number: number): number => typeOf(node.inputs[number] ?? '')
  const { operator } = node
  if (operator === 'Cast') return intOf(node, 'to', 0)
  if (operator === 'Constant') return constantType(node)
  if (operator === 'ConstantOfShape') {
    const value = node.attributes.get('value')
    return value?.kind === 'tensor' ? value.value.dataType : DataType.float
  }
  if (toBool.has(operator) || (operator === 'Dropout' && at === 1)) return DataType.bool
  const counts = (operator === 'TopK' || operator === 'MaxPool') && at === 1
  if (toInt64.has(operator) || counts) return DataType.int64
  if (toInt32.has(operator)) return DataType.int32
  if (operator === 'QuantizeLinear')
    return input(2) || intOf(node, 'output_dtype', 0) || DataType.uint8
  if (operator === 'DynamicQuantizeLinear') return at === 1 ? DataType.float : DataType.uint8
  if (operator === 'QGemm' && (node.inputs[7] ?? '') === '') return DataType.float
  const made = unknown.has(operator) || /^(Random|Sequence|Split[A-Z])/.test(operator)
  if (made || (node.domain !== '' && node.domain !== 'com.microsoft')) return 0
  return input(likeInput.get(operator) ?? 0)
}

function constantType(node: Node): number {
  const value = node.attributes.get('value')
  if (value?.kind === 'tensor') return value.value.dataType
  const [name = ''] = node.attributes.keys()
  if (name.startsWith('value_float')) return DataType.float
  return name.startsWith('value_int') ? DataType.int64 : 0
}
