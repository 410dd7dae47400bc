import { AppError } from '../../../shared/errors'
import { intOf } from '../../onnx/attributes'
import { int64Tensor } from '../../onnx/elements'
import { DataType, type Graph, type Model, type Node, type Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'
import { reasonOf } from '../../onnx/reasonOf'
import { floatFeed, integerData, openSession, tensorOf } from '../../onnx/runtime'
import { sizeOf } from '../network'
import { inferShapes } from './inferShapes'

export interface Evaluated {
  /** The nodes that depend on the input. */
  readonly nodes: readonly Node[]
  /** Initializers and every constant subgraph's value that those nodes read. */
  readonly constants: ReadonlyMap<string, Tensor>
  /** Shapes of the values that depend on the input. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
}

/**
 * Lets ONNX Runtime compute what does not depend on the pixels: shapes of all values for the
 * given input shape, and constant subgraphs (Cast, Gather, ConstantOfShape weights, Shape chains).
 * Nothing is fused, so every node keeps its name.
 * @param graph the nodes on the way to the logits.
 * @param inputShape all dimensions, batch included.
 */
export async function evaluate(
  model: Model,
  graph: Graph,
  input: string,
  inputShape: readonly number[],
): Promise<Evaluated> {
  const values = [...valuesReached(graph, input)].filter((value) => value !== input)
  const shapes =
    (await inferShapes(model, graph, input, inputShape, values)) ??
    (await findShapes(model, graph, input, inputShape, values))

  const constants = new Map(graph.initializers)
  const constantNodes: Node[] = []
  const known = new Set(constants.keys())
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const nodes: Node[] = []
  for (const node of graph.nodes) {
    const [source = ''] = node.inputs
    const [output] = node.outputs
    const measure = measureOf(node, shapes.get(source))
    if (measure && output !== undefined) {
      constants.set(output, { ...measure, name: output })
      known.add(output)
    } else if (node.inputs.every((value) => value === '' || known.has(value))) {
      constantNodes.push(node)
      for (const value of node.outputs) known.add(value)
    } else {
      nodes.push(node)
      const mask = maskOf(node, shapes)
      if (!mask || !read.has(mask.name)) continue
      constants.set(mask.name, mask)
      known.add(mask.name)
    }
  }

  const wanted = [...new Set(nodes.flatMap((node) => node.inputs))].filter(
    (value) => known.has(value) && !constants.has(value),
  )
  for (const [name, tensor] of await computeConstants(model, constants, constantNodes, wanted)) {
    constants.set(name, tensor)
  }
  return { nodes, constants, shapes }
}

/** What Shape and Size say of a value of a known shape; null for other nodes. */
function measureOf(node: Node, shape: readonly number[] | undefined): Tensor | null {
  if (!shape || node.domain !== '') return null
  if (node.operator === 'Size') return int64Tensor('', [], [sizeOf(shape)])
  if (node.operator !== 'Shape') return null
  // Shape-15 may ask for a part; slice counts from the end as ONNX does.
  const part = shape.slice(intOf(node, 'start', 0), intOf(node, 'end', shape.length))
  return int64Tensor('', [part.length], part)
}

/** What a Dropout says it kept: everything, as those that drop something are refused; null for other nodes. */
function maskOf(
  { domain, operator, inputs, outputs }: Node,
  shapes: ReadonlyMap<string, readonly number[]>,
): Tensor | null {
  const dims = shapes.get(inputs[0] ?? '')
  const name = outputs[1] ?? ''
  if (domain !== '' || operator !== 'Dropout' || name === '' || !dims) return null
  return { name, dims, dataType: DataType.bool, raw: new Uint8Array(sizeOf(dims)).fill(1) }
}

function valuesReached(graph: Graph, input: string): Set<string> {
  const reached = new Set([input])
  for (const node of graph.nodes) {
    if (!node.inputs.some((value) => reached.has(value))) continue
    for (const output of node.outputs) if (output !== '') reached.add(output)
  }
  return reached
}

/** Shapes by one run on zeros, where inference cannot tell them. */
async function findShapes(
  model: Model,
  graph: Graph,
  input: string,
  inputShape: readonly number[],
  values: readonly string[],
): Promise<Map<string, readonly number[]>> {
  const shapeNodes = values.map((value, number): Node => ({
    name: `${ownPrefix}shape:${number}`,
    operator: 'Shape',
    domain: '',
    inputs: [value],
    outputs: [`${ownPrefix}shape:${number}`],
    attributes: new Map(),
  }))
  const session = await openSession(
    {
      ...model,
      graph: {
        ...graph,
        nodes: [...graph.nodes, ...shapeNodes],
        inputs: [{ name: input, dataType: DataType.float, dims: inputShape }],
        outputs: shapeNodes.map((node) => ({
          name: node.outputs[0] ?? '',
          dataType: DataType.int64,
          dims: [null],
        })),
      },
    },
    'disabled',
  )
  try {
    const zeros = new Float32Array(sizeOf(inputShape))
    const results = await session.run({ [input]: floatFeed(zeros, inputShape) })
    const shapes = new Map<string, readonly number[]>([[input, inputShape]])
    for (const [number, value] of values.entries()) {
      shapes.set(value, integerData(results[`${ownPrefix}shape:${number}`]))
    }
    return shapes
  } catch (error) {
    // The size that the card states is the likely reason.
    throw new AppError(
      'invalid-model',
      `The network does not run on an input of ${inputShape.join(' × ')}. ${reasonOf(error)}`,
      'Check the input size in the model card.',
      { cause: error },
    )
  } finally {
    await session.release()
  }
}

/**
 * @param nodes on which nothing depends but constants, in order.
 * @param wanted some of their outputs.
 */
export async function computeConstants(
  model: Model,
  constants: ReadonlyMap<string, Tensor>,
  nodes: readonly Node[],
  wanted: readonly string[],
): Promise<Map<string, Tensor>> {
  const computed = new Map<string, Tensor>()
  if (wanted.length === 0) return computed
  const used = new Set(nodes.flatMap((node) => node.inputs))
  const session = await openSession(
    {
      ...model,
      graph: {
        name: 'constants',
        nodes: nodes.flatMap(withOwnStatistics),
        initializers: new Map([...constants].filter(([name]) => used.has(name))),
        inputs: [],
        outputs: wanted.map((name) => ({ name, dataType: 0, dims: [] })),
      },
    },
    'disabled',
  )
  try {
    const results = await session.run({})
    for (const name of wanted) {
      const output = results[name]
      if (output) computed.set(name, tensorOf(name, output))
    }
    return computed
  } finally {
    await session.release()
  }
}

/**
 * ONNX Runtime writes the running mean and variance of a BatchNormalization in training mode, by which weights are
 * standardised, over the constants that it reads. Those may be its scale and shift as well: it gets copies, which
 * sums of one are and an Identity would not be.
 */
function withOwnStatistics(node: Node): Node[] {
  if (node.operator !== 'BatchNormalization' || node.outputs.length < 2) return [node]
  const copies = node.inputs.slice(3, 5).map((value, at): Node => {
    const name = `${ownPrefix}${node.name}:statistics:${at}`
    return {
      name,
      operator: 'Sum',
      domain: '',
      inputs: [value],
      outputs: [name],
      attributes: new Map(),
    }
  })
  const own = copies.map(({ name }) => name)
  return [...copies, { ...node, inputs: [...node.inputs.slice(0, 3), ...own] }]
}
