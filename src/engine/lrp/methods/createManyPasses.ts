import type { ManyPassesMethod } from '../../../shared/explanation/method'
import type { Explainer, ExplainerOptions } from '../explainerTypes'
import { baselineOf } from './baseline'
import { orRelease } from './fitting'
import { geometryOf } from './geometry'
import { defaultSteps, integratedGradients } from './integratedGradients'
import type { Noise } from './normalNoise'
import { occlusion, type OpenClassifier } from './occlusion'
import { openPoints, type OpenGradient } from './points'
import { defaultSamples, smoothGrad } from './smoothGrad'
import { taylor } from './taylor'

/** What the passes are made of. */
export interface Passes {
  readonly openGradient: OpenGradient
  readonly openClassifier: OpenClassifier
  /** Standard normal numbers from a seed; the product's own when absent. */
  readonly noiseOf?: (seed: number) => Noise
}

/**
 * An explainer whose map is made of many passes, one sample at a time.
 * @throws AppError as the passes do, and `invalid-input` for parameters that do not suit the model's input.
 */
export async function createManyPasses(
  method: ManyPassesMethod,
  options: Pick<ExplainerOptions, 'parameters' | 'layout'>,
  { openGradient, openClassifier, noiseOf }: Passes,
): Promise<Explainer> {
  const { parameters, layout = 'NCHW' } = options
  const picture = (sampleShape: readonly number[]) => geometryOf(sampleShape, layout)
  const points = (count: number) => openPoints(openGradient, count, picture)
  switch (method) {
    case 'integrated-gradients': {
      const { steps = defaultSteps } = parameters
      const opened = await points(steps + 1)
      return orRelease(opened.explainer, () =>
        integratedGradients(opened, { steps }, baselineOf(parameters, picture(opened.sampleShape))),
      )
    }
    case 'smoothgrad':
      return smoothGrad(await points(parameters.samples ?? defaultSamples), parameters, noiseOf)
    case 'taylor': {
      const opened = await points(1)
      return orRelease(opened.explainer, () =>
        taylor(opened, parameters, baselineOf(parameters, picture(opened.sampleShape))),
      )
    }
    case 'occlusion':
      return occlusion(openClassifier, parameters, picture)
  }
}
