import { int, intOf, ints } from './attributes'
import { int64Tensor, integersOf, isInteger } from './elements'
import { indexGraph } from './graphIndex'
import type { Attribute, Graph, Node, Tensor } from './model'
import { ownPrefix } from './names'
import { uniformNumbers } from './uniform'

/** Tensors one behind another, or the parts of one tensor, all of one size but for the last, however many they are. */
type Sequence =
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'parts'; readonly of: string; readonly axis: number; readonly size: number; readonly keepsAxis: boolean } // prettier-ignore

/** What takes the place of a node, and the constants that this reads. */
interface Written {
  readonly nodes: readonly Node[]
  readonly tensors: readonly Tensor[]
}

/** Longer lists, and more tensors put together in all, are left as they are. */
const mostItems = 256
const mostJoined = 2 ** 14

const makers = new Set(['SequenceEmpty', 'SequenceConstruct', 'SequenceInsert', 'SequenceErase', 'SplitToSequence']) // prettier-ignore

/**
 * The graph with tensors in the place of lists of tensors, where the file alone says what is where: as PyTorch's
 * exporters write the parts of a split, and what is stacked. SequenceAt becomes a Slice, Gather or Identity,
 * ConcatFromSequence a Concat. A list that is used in any other way stays one, and all that belongs to it.
 * @param opset of the standard domain.
 */
export function withoutSequences(graph: Graph, opset: number): Graph {
  const concerned = graph.nodes.some(
    ({ domain, operator }) => domain === '' && makers.has(operator),
  )
  // A subgraph may read a list that its node does not name.
  const hasSubgraphs = graph.nodes.some(({ attributes }) =>
    [...attributes.values()].some(({ kind }) => kind === 'unread'),
  )
  if (!concerned || hasSubgraphs) return graph
  return new Resolver(graph, opset).resolved()
}

class Resolver {
  readonly #graph: Graph
  readonly #opset: number
  readonly #numberOf: (value: string) => number | null
  readonly #made: ReadonlyMap<string, Node>
  /** Null for lists that are not known. */
  readonly #sequences = new Map<string, Sequence | null>()
  readonly #written = new Map<Node, Written>()
  #joined = 0

  constructor(graph: Graph, opset: number) {
    this.#graph = graph
    this.#opset = opset
    this.#numberOf = uniformNumbers(graph)
    this.#made = new Map(
      graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node])),
    )
  }

  resolved(): Graph {
    const { nodes, outputs, initializers } = this.#graph
    const stays: Node[] = []
    for (const node of nodes) {
      const reads = node.inputs.some((value) => this.#sequences.has(value))
      const makes = node.domain === '' && makers.has(node.operator)
      if (!reads && !makes) continue
      const written = node.domain === '' ? this.#write(node) : null
      if (written) this.#written.set(node, written)
      else stays.push(node)
      const isList = makes || node.operator === 'Identity'
      if (isList && !this.#sequences.has(node.outputs[0] ?? '')) {
        this.#sequences.set(node.outputs[0] ?? '', null)
      }
    }
    for (const { name } of outputs) {
      const maker = this.#sequences.has(name) ? this.#made.get(name) : undefined
      if (maker) stays.push(maker)
    }
    this.#keep(stays)
    const tensors = new Map(initializers)
    for (const written of this.#written.values())
      for (const tensor of written.tensors) tensors.set(tensor.name, tensor)
    return {
      ...this.#graph,
      nodes: nodes.flatMap((node) => this.#written.get(node)?.nodes ?? [node]),
      initializers: tensors,
    }
  }

  /** Leaves nodes as they are, and all that have to do with the same lists. */
  #keep(stays: readonly Node[]): void {
    const index = indexGraph(this.#graph.nodes)
    const open = [...stays]
    const seen = new Set<Node>(open)
    for (let node = open.pop(); node; node = open.pop()) {
      this.#written.delete(node)
      const lists = [...node.inputs, ...node.outputs].filter((value) => this.#sequences.has(value))
      for (const list of lists) {
        for (const other of [this.#made.get(list), ...index.consumers(list)]) {
          if (!other || seen.has(other)) continue
          seen.add(other)
          open.push(other)
        }
      }
    }
  }

  /** @returns null where the file alone does not say what there is. */
  #write(node: Node): Written | null {
    const [first = '', second = ''] = node.inputs
    switch (node.operator) {
      case 'SequenceEmpty':
        return this.#list(node, [])
      case 'SequenceConstruct':
        return this.#list(node, node.inputs)
      case 'SequenceInsert':
        return this.#changed(node, node.inputs[2] ?? '', [second], 0)
      case 'SequenceErase':
        return this.#changed(node, second, [], 1)
      case 'Identity':
        return this.#known(node, this.#sequences.get(first) ?? null)
      case 'SplitToSequence':
        return this.#split(node)
      case 'SequenceAt':
        return this.#at(node, this.#sequences.get(first) ?? null, this.#integer(second))
      case 'SequenceLength': {
        const sequence = this.#sequences.get(first)
        if (sequence?.kind !== 'list') return null
        const value = int64Tensor('', [], [sequence.items.length])
        return replaced(node, 'Constant', [], { value: { kind: 'tensor', value } })
      }
      case 'ConcatFromSequence':
        return this.#together(node, this.#sequences.get(first) ?? null)
      default:
        return null
    }
  }

  #known(node: Node, sequence: Sequence | null): Written | null {
    if (!sequence) return null
    this.#sequences.set(node.outputs[0] ?? '', sequence)
    return { nodes: [], tensors: [] }
  }

  #list(node: Node, items: readonly string[]): Written | null {
    const isKnown = items.length <= mostItems && !items.some((item) => this.#sequences.has(item))
    return isKnown ? this.#known(node, { kind: 'list', items }) : null
  }

  /** A list with some items put in or taken out at a position; without one at its end. */
  #changed(node: Node, position: string, put: readonly string[], out: number): Written | null {
    const sequence = this.#sequences.get(node.inputs[0] ?? '')
    if (sequence?.kind !== 'list') return null
    const { items } = sequence
    const stated = position === '' ? items.length - out : this.#integer(position)
    if (stated === null) return null
    const at = stated < 0 ? stated + items.length : stated
    if (at < 0 || at + out > items.length) return null
    return this.#list(node, items.toSpliced(at, out, ...put))
  }

  #split(node: Node): Written | null {
    const [x = '', sizesInput = ''] = node.inputs
    const axis = intOf(node, 'axis', 0)
    const parts = (size: number, keepsAxis: boolean): Written | null =>
      this.#known(node, { kind: 'parts', of: x, axis, size, keepsAxis })
    if (sizesInput === '') return parts(1, intOf(node, 'keepdims', 1) === 1)
    const tensor = this.#constant(sizesInput)
    if (!tensor || !isInteger(tensor.dataType)) return null
    const sizes = integersOf(tensor)
    const [size = 0] = sizes
    if (tensor.dims.length === 0) return size > 0 ? parts(size, true) : null
    if (sizes.length === 0 || sizes.length > mostItems) return null
    const items = sizes.map((_, part) => this.#ownName(node, part))
    if (!this.#list(node, items)) return null
    const byInput = this.#opset >= 13
    const split: Node = {
      ...node,
      operator: 'Split',
      inputs: byInput ? [x, sizesInput] : [x],
      outputs: items,
      attributes: new Map([
        ['axis', int(axis)],
        ...(byInput ? [] : [['split', ints(sizes)] as const]),
      ]),
    }
    return { nodes: [split], tensors: [] }
  }

  #at(node: Node, sequence: Sequence | null, position: number | null): Written | null {
    if (!sequence || position === null) return null
    if (sequence.kind === 'list') {
      const item = sequence.items.at(position)
      const isThere = position >= -sequence.items.length && item !== undefined
      return isThere ? replaced(node, 'Identity', [item]) : null
    }
    const { of, axis, size, keepsAxis } = sequence
    const name = (key: string): string => `${ownPrefix}${node.name}:${key}`
    if (!keepsAxis) {
      const index = int64Tensor(name('index'), [], [position])
      return replaced(node, 'Gather', [of, index.name], { axis: int(axis) }, [index])
    }
    // How many parts there are, and so which is the last but one, the file does not say.
    if (position < 0 && size > 1) return null
    const end = position === -1 ? Number.MAX_SAFE_INTEGER : (position + 1) * size
    const bounds = Object.entries({ starts: position * size, ends: end, axes: axis }).map(
      ([key, value]) => int64Tensor(name(key), [1], [value]),
    )
    return replaced(node, 'Slice', [of, ...bounds.map((bound) => bound.name)], {}, bounds)
  }

  /** Along one of their axes, or along a new one. */
  #together(node: Node, sequence: Sequence | null): Written | null {
    const axis = intOf(node, 'axis', 0)
    const isNew = intOf(node, 'new_axis', 0) === 1
    if (sequence?.kind === 'parts') {
      // Put together again as they were split.
      const isWhole = sequence.axis === axis && sequence.keepsAxis !== isNew
      return isWhole ? replaced(node, 'Identity', [sequence.of]) : null
    }
    if (!sequence || sequence.items.length === 0) return null
    const { items } = sequence
    this.#joined += items.length
    if (this.#joined > mostJoined) return null
    const join = (values: readonly string[]): Node => ({
      ...node,
      operator: 'Concat',
      inputs: values,
      attributes: new Map([['axis', int(axis)]]),
    })
    if (!isNew) return { nodes: [join(items)], tensors: [] }
    const byInput = this.#opset >= 13
    const axes = int64Tensor(`${ownPrefix}${node.name}:axes`, [1], [axis])
    const widened = items.map((item, at): Node => ({
      ...node,
      name: `${node.name}/Unsqueeze:${at}`,
      operator: 'Unsqueeze',
      inputs: byInput ? [item, axes.name] : [item],
      outputs: [this.#ownName(node, at)],
      attributes: new Map(byInput ? [] : [['axes', ints([axis])]]),
    }))
    const values = widened.map(({ outputs }) => outputs[0] ?? '')
    return { nodes: [...widened, join(values)], tensors: byInput ? [axes] : [] }
  }

  #ownName(node: Node, at: number): string {
    return `${ownPrefix}${node.name}:${at}`
  }

  #integer(value: string): number | null {
    const number = this.#numberOf(value)
    return number !== null && Number.isSafeInteger(number) ? number : null
  }

  /** Of the file, or of a node Constant. */
  #constant(value: string): Tensor | null {
    const tensor = this.#graph.initializers.get(value)
    if (tensor) return tensor
    const node = this.#made.get(value)
    if (node?.domain !== '' || node.operator !== 'Constant') return null
    const [[key, attribute] = ['', undefined]] = node.attributes
    if (attribute?.kind === 'tensor') return attribute.value
    if (key === 'value_int' && attribute?.kind === 'int') return int64Tensor('', [], [attribute.value]) // prettier-ignore
    return key === 'value_ints' && attribute?.kind === 'ints'
      ? int64Tensor('', [attribute.value.length], attribute.value)
      : null
  }
}

function replaced(
  node: Node,
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  tensors: readonly Tensor[] = [],
): Written {
  const changed = { ...node, operator, inputs, attributes: new Map(Object.entries(attributes)) }
  return { nodes: [changed], tensors }
}
