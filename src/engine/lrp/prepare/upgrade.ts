import { AppError } from '../../../shared/errors'
import { floatOf, intOf, intsOf, ints, stringOf } from '../../onnx/attributes'
import { floatTensor, int64Tensor, integersOf } from '../../onnx/elements'
import type { Attribute, Node, Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'

type Shapes = ReadonlyMap<string, readonly number[]>

/**
 * Writes nodes of older and newer operator sets in the form of opset 17, with explicit padding,
 * and drops what changes no number (Identity, Dropout).
 * Adds the constants it needs to `constants`; returns the nodes and how values were renamed.
 */
export function upgrade(
  nodes: readonly Node[],
  constants: Map<string, Tensor>,
  shapes: Shapes,
): { nodes: Node[]; renamed: (value: string) => string } {
  const aliases = new Map<string, string>()
  const renamed = (value: string): string => aliases.get(value) ?? value
  const kept: Node[] = []
  for (const original of nodes) {
    const node = { ...original, inputs: original.inputs.map(renamed) }
    const [source] = node.inputs
    const [output] = node.outputs
    if ((node.operator === 'Identity' || node.operator === 'Dropout') && source && output) {
      aliases.set(output, source)
    } else kept.push(upgradeNode(node, constants, shapes))
  }
  return { nodes: kept, renamed }
}

function upgradeNode(node: Node, constants: Map<string, Tensor>, shapes: Shapes): Node {
  switch (node.operator) {
    case 'Clip':
      return clipWithInputs(node, constants)
    case 'Squeeze':
    case 'Unsqueeze':
      return asReshape(node, constants, shapes)
    case 'Flatten':
    case 'Reshape':
      return asReshape(node, constants, shapes)
    case 'Pad':
      return padWithInputs(node, constants, shapes)
    case 'ReduceMean':
      return reduceMeanWithAttribute(node, constants, shapes)
    case 'BatchNormalization':
      return { ...node, outputs: node.outputs.slice(0, 1), attributes: only(node, ['epsilon']) }
    case 'Conv':
    case 'MaxPool':
    case 'AveragePool':
      return withExplicitPads(node, constants, shapes)
    default:
      return node
  }
}

function only(node: Node, names: readonly string[]): Map<string, Attribute> {
  return new Map([...node.attributes].filter(([name]) => names.includes(name)))
}

/** Clip-6 states its bounds as attributes, Clip-11 as inputs. */
function clipWithInputs(node: Node, constants: Map<string, Tensor>): Node {
  const bound = (name: 'min' | 'max'): string => {
    const attribute = node.attributes.get(name)
    if (attribute?.kind !== 'float') return ''
    const value = `${ownPrefix}${node.name}:${name}`
    constants.set(value, floatTensor(value, [], Float32Array.of(attribute.value)))
    return value
  }
  if (node.attributes.size === 0) return node
  return {
    ...node,
    inputs: [node.inputs[0] ?? '', bound('min'), bound('max')],
    attributes: new Map(),
  }
}

/** Every change of shape alone becomes a Reshape to the known shape. */
function asReshape(node: Node, constants: Map<string, Tensor>, shapes: Shapes): Node {
  const shape = shapes.get(node.outputs[0] ?? '') ?? []
  const name = `${ownPrefix}${node.name}:shape`
  constants.set(name, int64Tensor(name, [shape.length], shape))
  return {
    ...node,
    operator: 'Reshape',
    inputs: [node.inputs[0] ?? '', name],
    attributes: new Map(),
  }
}

/** Pad-2 states its pads as attributes, Pad-18 for some axes only; Pad-13 as inputs for all of them. */
function padWithInputs(node: Node, constants: Map<string, Tensor>, shapes: Shapes): Node {
  const attribute = intsOf(node, 'pads')
  const [input = '', padsInput = '', valueInput = '', axesInput = ''] = node.inputs
  if (!attribute && axesInput === '') return node
  const rank = shapes.get(input)?.length ?? 0
  const some = attribute ?? integerConstant(node, padsInput, constants)
  const axes =
    axesInput === ''
      ? Array.from({ length: rank }, (_, axis) => axis)
      : integerConstant(node, axesInput, constants)
  const pads = Array<number>(2 * rank).fill(0)
  for (const [at, axis] of axes.entries()) {
    pads[(axis + rank) % rank] = some[at] ?? 0
    pads[((axis + rank) % rank) + rank] = some[at + axes.length] ?? 0
  }
  const padsName = `${ownPrefix}${node.name}:pads`
  constants.set(padsName, int64Tensor(padsName, [pads.length], pads))
  const inputs = [input, padsName]
  if (attribute) {
    const valueName = `${ownPrefix}${node.name}:value`
    const value = floatOf(node, 'value', 0)
    constants.set(valueName, floatTensor(valueName, [], Float32Array.of(value)))
    inputs.push(valueName)
  } else if (valueInput !== '') inputs.push(valueInput)
  return { ...node, inputs, attributes: only(node, ['mode']) }
}

/** ReduceMean-18 takes its axes as an input, ReduceMean-13 as an attribute; without any it takes all. */
function reduceMeanWithAttribute(node: Node, constants: Map<string, Tensor>, shapes: Shapes): Node {
  const [input = '', axesInput = ''] = node.inputs
  const given =
    axesInput === '' ? intsOf(node, 'axes') : integerConstant(node, axesInput, constants)
  const none = given === null || given.length === 0
  if (none && intOf(node, 'noop_with_empty_axes', 0) === 1) {
    return asReshape(node, constants, shapes)
  }
  const all = (shapes.get(input) ?? []).map((_, axis) => axis)
  const attributes = only(node, ['keepdims'])
  attributes.set('axes', ints(none ? all : given))
  return { ...node, inputs: [input], attributes }
}

function integerConstant(
  node: Node,
  value: string,
  constants: ReadonlyMap<string, Tensor>,
): number[] {
  const tensor = constants.get(value)
  if (!tensor) throw new Error(`${node.name} reads ${value}, which is not constant`)
  return integersOf(tensor)
}

/** Spells out kernel, strides, dilations and pads, so that nobody after this has to know the defaults. */
function withExplicitPads(
  node: Node,
  constants: ReadonlyMap<string, Tensor>,
  shapes: Shapes,
): Node {
  const input = shapes.get(node.inputs[0] ?? '') ?? []
  const output = shapes.get(node.outputs[0] ?? '') ?? []
  const rank = input.length - 2
  const weight = constants.get(node.inputs[1] ?? '')
  const kernel = intsOf(node, 'kernel_shape') ?? weight?.dims.slice(2) ?? []
  const strides = intsOf(node, 'strides') ?? Array<number>(rank).fill(1)
  const dilations = intsOf(node, 'dilations') ?? Array<number>(rank).fill(1)
  if (node.operator === 'AveragePool' && dilations.some((dilation) => dilation !== 1)) {
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (AveragePool) has dilations, for which there is no rule.`,
      'Average pooling without dilations is supported.',
    )
  }
  const window: Window = { rank, input, output, kernel, strides, dilations }
  const pads = explicitPads(node, window)
  refuseEmptyMeans(node, window, pads)
  const attributes = new Map(node.attributes)
  attributes.delete('auto_pad')
  attributes.delete('storage_order')
  if (node.operator === 'AveragePool') attributes.delete('dilations')
  else attributes.set('dilations', ints(dilations))
  attributes.set('kernel_shape', ints(kernel))
  attributes.set('strides', ints(strides))
  attributes.set('pads', ints(pads))
  return { ...node, attributes }
}

interface Window {
  readonly rank: number
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
}

function explicitPads(node: Node, window: Window): number[] {
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  const { rank } = window
  if (auto === 'NOTSET' || auto === '') {
    return [...(intsOf(node, 'pads') ?? Array<number>(2 * rank).fill(0))]
  }
  const begin: number[] = []
  const end: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const size = window.input[axis + 2] ?? 1
    const steps = (window.output[axis + 2] ?? 1) - 1
    const reach = (window.dilations[axis] ?? 1) * ((window.kernel[axis] ?? 1) - 1) + 1
    const total =
      auto === 'VALID' ? 0 : Math.max(0, steps * (window.strides[axis] ?? 1) + reach - size)
    const small = Math.floor(total / 2)
    begin.push(auto === 'SAME_LOWER' ? total - small : small)
    end.push(auto === 'SAME_LOWER' ? small : total - small)
  }
  return [...begin, ...end]
}

/**
 * Rounded up, the last window may begin behind the input, where there is nothing to take the mean of;
 * ONNX Runtime contradicts itself about such windows.
 */
function refuseEmptyMeans(node: Node, window: Window, pads: readonly number[]): void {
  if (node.operator !== 'AveragePool' || !ceilMode(node)) return
  for (let axis = 0; axis < window.rank; axis++) {
    const size = (window.input[axis + 2] ?? 1) + (pads[axis] ?? 0)
    const reach = (window.kernel[axis] ?? 1) - (pads[axis + window.rank] ?? 0)
    const stride = window.strides[axis] ?? 1
    if (Math.ceil((size - reach) / stride) * stride < size) continue
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (AveragePool) has windows that begin behind its input, for which there is no rule.`,
      'Export it without ceil_mode.',
    )
  }
}

/** Whether a pooling node lets windows hang over the end. */
export function ceilMode(node: Node): boolean {
  return intOf(node, 'ceil_mode', 0) === 1
}
