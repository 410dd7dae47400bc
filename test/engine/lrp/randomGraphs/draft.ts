import { DataType, type Model, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { ndArray, ndArrayOf, sizeOf, type NdArray } from '../../reference/ndArray'
import { attributesOf, type PlainAttributes } from '../../reference/plainAttributes'
import { operatorOf } from '../../reference/table'
import { constantForms, integerForms, type Forms } from './constantForms'
import type { Random } from './random'

/** Where channels lie: [N, C, H, W], [N, H, W, C], [N, T, C], [N, F]. */
export type Layout = 'image' | 'last' | 'tokens' | 'vector'

/** A value of the graph that is being written. */
export interface Wire {
  readonly name: string
  /** Of the sample, whose batch is `sampleBatch`. */
  readonly dims: readonly number[]
  readonly layout: Layout
}

/** Not 1, so that what holds for one sample alone shows. */
const openBatch = 2

export interface Setting {
  /** What the network computes. */
  readonly structure: Random
  /** How it is written down. */
  readonly spelling: Random
  /** The operator set it is written in. */
  readonly opset: number
  /** Those of the other spelling of the same network, too. */
  readonly opsets: { readonly lowest: number; readonly highest: number }
  /** Whether the file leaves the batch open; else it is 1. */
  readonly isOpen: boolean
  readonly sampleShape: readonly number[]
  /** How many channels a convolution has in place of so many; as many when absent. */
  readonly widen?: ((channels: number) => number) | undefined
}

/**
 * An ONNX file that is written node by node. Each node runs at once on a sample, so that what comes next
 * knows its shape and its size.
 */
export class Draft {
  readonly structure: Random
  readonly spelling: Random
  readonly opset: number
  readonly opsets: Setting['opsets']
  readonly input: Wire
  readonly batch: number
  readonly widen: (channels: number) => number
  readonly #isOpen: boolean
  readonly #nodes: Node[] = []
  readonly #initializers = new Map<string, Tensor>()
  readonly #samples = new Map<string, NdArray>()
  /** Values that depend on the input: they know where their channels lie, constants do not. */
  readonly #normalised = new Set<string>()
  readonly #moving = new Set(['input'])

  constructor(setting: Setting) {
    this.structure = setting.structure
    this.spelling = setting.spelling
    this.opset = setting.opset
    this.opsets = setting.opsets
    this.#isOpen = setting.isOpen
    this.widen = setting.widen ?? ((channels) => channels)
    this.batch = setting.isOpen ? openBatch : 1
    const dims = [this.batch, ...setting.sampleShape]
    this.input = { name: 'input', dims, layout: 'image' }
    const sample = setting.structure.normals(sizeOf(dims))
    this.#samples.set('input', ndArray(dims, Float64Array.from(sample)))
  }

  /** Notes a convolution that one spelling normalises and the other has folded. */
  noteNormalised(wire: Wire): Wire {
    this.#normalised.add(wire.name)
    return wire
  }

  /**
   * By the conventions a constant factor behind a BatchNormalization is folded along with it, and passes behind
   * anything else; behind these the spellings would differ, rightly.
   */
  isNormalised(wire: Wire): boolean {
    return this.#normalised.has(wire.name)
  }

  /** What the sample makes of a value. */
  sample(wire: Wire): NdArray {
    const sample = this.#samples.get(wire.name)
    if (!sample) throw new Error(`${wire.name} is not there`)
    return sample
  }

  /** Writes a node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly (Wire | null)[],
    attributes: PlainAttributes = {},
    count = 1,
  ): Wire[] {
    const name = `/${operator}_${this.#nodes.length}`
    const outputs = Array.from({ length: count }, (_, at) => `${name}_output_${at}`)
    const node: Node = {
      name,
      operator,
      domain: '',
      inputs: inputs.map((wire) => wire?.name ?? ''),
      outputs,
      attributes: attributesOf(attributes),
    }
    this.#nodes.push(node)
    const values = inputs.map((wire) => (wire ? this.sample(wire) : null))
    const made = operatorOf(node)({ node, inputs: values, opset: this.opset })
    const moving = inputs.filter((wire) => wire !== null && this.#moving.has(wire.name))
    return outputs.map((output, at) => {
      const value = 'dims' in made ? made : made[at]
      if (!value) throw new Error(`${name} has no output ${at}`)
      this.#samples.set(output, value)
      if (moving.length > 0) this.#moving.add(output)
      const like = moving.find((wire) => wire?.dims.length === value.dims.length)
      return { name: output, dims: value.dims, layout: like?.layout ?? layoutOf(value.dims) }
    })
  }

  /** Writes a node, and now and then one behind it that changes nothing. */
  node(operator: string, inputs: readonly (Wire | null)[], attributes?: PlainAttributes): Wire {
    const [output] = this.nodes(operator, inputs, attributes)
    if (!output) throw new Error('no output')
    const isFloat = this.sample(output).kind === 'float'
    return isFloat && this.spelling.chance(0.06) ? this.#unchanged(output) : output
  }

  #unchanged(wire: Wire): Wire {
    const operator = this.spelling.pick(['Identity', 'Dropout', 'Cast'])
    const attributes: PlainAttributes =
      operator === 'Cast'
        ? { to: DataType.float }
        : operator === 'Dropout' && this.opset < 12
          ? { ratio: { f: 0.3 } }
          : {}
    return this.nodes(operator, [wire], attributes)[0] ?? wire
  }

  /** A constant of float32 numbers, in one of the ways to write it. */
  floats(dims: readonly number[], values: Iterable<number>): Wire {
    return this.#constant(constantForms, dims, [...values])
  }

  scalar(value: number): Wire {
    return this.floats([], [value])
  }

  /** A constant of whole numbers, of rank 1 unless told otherwise. */
  integers(values: readonly number[], dims: readonly number[] = [values.length]): Wire {
    return this.#constant(integerForms, dims, values)
  }

  #constant(forms: Forms, dims: readonly number[], values: readonly number[]): Wire {
    const possible = forms.filter(({ fits }) => fits(dims, values, this.opset))
    const { write } = this.spelling.weighted(possible, ({ weight }) => weight)
    return write(this, dims, values)
  }

  initializer(tensor: Tensor): Wire {
    const name = `weight_${this.#initializers.size}`
    this.#initializers.set(name, { ...tensor, name })
    this.#samples.set(name, ndArrayOf(tensor))
    return { name, dims: tensor.dims, layout: layoutOf(tensor.dims) }
  }

  /** The first dimension as a Reshape states it. */
  get batchSize(): number {
    return this.#isOpen ? 0 : 1
  }

  finish(output: Wire): Model {
    const open = this.#isOpen ? null : 1
    const [, ...sample] = this.input.dims
    const [, ...rest] = output.dims
    return {
      irVersion: this.opset < 15 ? 7 : this.opset < 21 ? 8 : this.opset < 23 ? 10 : 11,
      producer: 'random',
      opsets: new Map([['', this.opset]]),
      graph: {
        name: 'random',
        nodes: this.#nodes,
        initializers: this.#initializers,
        inputs: [{ name: this.input.name, dataType: DataType.float, dims: [open, ...sample] }],
        outputs: [{ name: output.name, dataType: DataType.float, dims: [open, ...rest] }],
      },
    }
  }
}

function layoutOf({ length: rank }: readonly number[]): Layout {
  return rank === 4 ? 'image' : rank === 3 ? 'tokens' : 'vector'
}

/** The same value, its channels somewhere else. */
export function laidOut(wire: Wire, layout: Layout): Wire {
  return { ...wire, layout }
}

/** The axis that channels or features lie along. */
export function channelAxis({ dims, layout }: Wire): number {
  return layout === 'image' ? 1 : dims.length - 1
}

export function channelsOf(wire: Wire): number {
  return wire.dims[channelAxis(wire)] ?? 1
}
