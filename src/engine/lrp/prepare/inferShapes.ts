import { DataType, type Graph, type Model, type Tensor } from '../../onnx/model'
import { inferredShapes } from '../../onnx/ortSession'
import { writeModel } from '../../onnx/write'
import { ceilMode } from '../layers/transposeConvolution'
import { sizeOf } from '../network'

/** Shorter constants may be sizes, scales or axes, which shapes depend on. */
const shortest = 1024

/**
 * The shapes of values by ONNX Runtime's own inference, weights known by their shape alone: no copy of them is
 * made and nothing runs, which spares half the time and memory of a compilation.
 * @returns null where inference does not tell every shape; where pooling rounds up it is not asked, as it then
 *   contradicts what ONNX Runtime computes.
 */
export async function inferShapes(
  model: Model,
  graph: Graph,
  input: string,
  inputShape: readonly number[],
  values: readonly string[],
): Promise<Map<string, readonly number[]> | null> {
  if (graph.nodes.some(ceilMode)) return null
  const isWeight = ({ dataType, dims }: Tensor): boolean =>
    dataType === DataType.float && sizeOf(dims) > shortest
  const tensors = [...graph.initializers]
  const shapes = await inferredShapes(
    writeModel({
      ...model,
      graph: {
        ...graph,
        initializers: new Map(tensors.filter(([, tensor]) => !isWeight(tensor))),
        inputs: [
          { name: input, dataType: DataType.float, dims: inputShape },
          ...tensors
            .filter(([, tensor]) => isWeight(tensor))
            .map(([name, { dims }]) => ({ name, dataType: DataType.float, dims })),
        ],
        outputs: values.map((name) => ({ name, dataType: 0, dims: [] })),
      },
    }),
  )
  return shapes && new Map([...shapes, [input, inputShape]])
}
