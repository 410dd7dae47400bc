import { batches } from '../../inference/batches'
import type { Explanation, PointExplainer, Progress } from '../explainerTypes'
import { sizeOf } from '../network'
import { openFitting } from './fitting'
import type { Geometry } from './geometry'

/** The gradient at one point: that of the score, in the shape of a sample; and the logits there. */
export interface PointGradient {
  readonly gradient: Float32Array
  readonly logits: Float32Array
}

/** The function that is explained, and its gradient, at any points. */
export interface Points {
  readonly explainer: PointExplainer
  /** Without the batch dimension. */
  readonly sampleShape: readonly number[]
  readonly sampleSize: number
  /**
   * Visits points in their order, as many at once as fit.
   * @param fill writes point `index` to `out`; called once each, in order.
   * @param mask of one sample; see `Explainer.run`.
   */
  each(
    count: number,
    fill: (index: number, out: Float32Array) => void,
    mask: Float32Array,
    visit: (index: number, point: PointGradient) => void,
    progress?: Progress,
  ): Promise<void>
  at(point: Float32Array, mask: Float32Array): Promise<PointGradient>
}

/** Opens the gradient for a number of samples a run. */
export type OpenGradient = (batch: number) => Promise<PointExplainer>

/**
 * Opens the gradient for `count` points.
 * @param geometryOf the picture in a sample of this shape; null where there is none.
 */
export async function openPoints(
  open: OpenGradient,
  count: number,
  geometryOf: (sampleShape: readonly number[]) => Geometry | null,
): Promise<Points> {
  const explainer = await openFitting(open, (sampleShape) => {
    const { width, height } = geometryOf(sampleShape) ?? { width: sizeOf(sampleShape), height: 1 }
    return { count, width, height }
  })
  const [batch = 1, ...sampleShape] = explainer.inputShape
  const sampleSize = sizeOf(sampleShape)
  const { classCount } = explainer

  const each: Points['each'] = async (total, fill, mask, visit, progress) => {
    progress?.(0, total)
    for (const { first, used, input } of batches(total, batch, sampleSize, fill)) {
      const masks = new Float32Array(batch * classCount)
      for (let row = 0; row < used; row++) masks.set(mask, row * classCount)
      const found: Explanation = await explainer.run(input, masks)
      for (let row = 0; row < used; row++) {
        visit(first + row, {
          gradient: found.relevance.subarray(row * sampleSize, (row + 1) * sampleSize),
          logits: found.logits.subarray(row * classCount, (row + 1) * classCount),
        })
      }
      progress?.(first + used, total)
    }
  }
  return {
    explainer,
    sampleShape,
    sampleSize,
    each,
    async at(point, mask) {
      let found: PointGradient | null = null
      await each(1, (_, out) => out.set(point), mask, (_, visited) => (found = visited)) // prettier-ignore
      if (!found) throw new Error('a point was not visited')
      return found
    },
  }
}
