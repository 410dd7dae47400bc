import { legendRange, pixelRelevance } from '../../shared/colour/heatmap'
import type { ExplanationResult } from '../../shared/explanation/result'
import type { HeatmapView, RegionEvidence } from '../../shared/report/model'
import { regionEvidence } from '../../shared/review/evidence'
import type { Region } from '../../shared/review/region'
import type { ViewState } from '../../shared/session'

export interface Measured {
  readonly view: HeatmapView
  /** In the order of the regions. */
  readonly evidence: readonly RegionEvidence[]
}

/** What the report says of one relevance array: its legend and the regions' shares of evidence. */
export function measure(
  relevance: Float32Array,
  result: ExplanationResult,
  regions: readonly Region[],
  view: ViewState,
): Measured {
  const map = pixelRelevance(relevance, result.shape)
  return {
    view: {
      colourMap: view.colourMap,
      opacity: view.opacity,
      threshold: view.threshold,
      sign: view.sign,
      normalisation: view.normalisation,
      range: legendRange(map.values, view.normalisation).range,
    },
    evidence: regions.map((region) =>
      regionEvidence(region.geometry, { ...map, region: result.region }, result.input),
    ),
  }
}
