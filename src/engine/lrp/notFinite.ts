import type { Model, Node } from '../onnx/model'
import { openSession } from '../onnx/runtime'

export type Feeds = Parameters<Awaited<ReturnType<typeof openSession>>['run']>[0]

/**
 * Runs a graph once more, every value an output, to find where numbers cease to be finite.
 * @returns the first node that makes an infinite number or none out of finite ones; null when the graph
 *   makes none this time, or takes more memory than there is.
 */
export async function firstNotFinite(model: Model, feeds: Feeds): Promise<Node | null> {
  const { graph } = model
  const made = graph.nodes.flatMap((node) => node.outputs.filter((output) => output !== ''))
  const outputs = made.map((name) => ({ name, dataType: 0, dims: [] }))
  try {
    const session = await openSession({ ...model, graph: { ...graph, outputs } }, 'disabled')
    try {
      const results = await session.run(feeds)
      const isFinite = (value: string): boolean => {
        const data = results[value]?.data
        return !(data instanceof Float32Array) || data.every(Number.isFinite)
      }
      return (
        graph.nodes.find(
          ({ inputs, outputs: own }) => inputs.every(isFinite) && !own.every(isFinite),
        ) ?? null
      )
    } finally {
      await session.release()
    }
  } catch {
    return null
  }
}
