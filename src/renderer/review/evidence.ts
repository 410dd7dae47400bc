import type { Size } from '../../shared/geometry/shapes'
import type { RegionEvidence } from '../../shared/report/model'
import { bounds } from '../../shared/geometry/bounds'
import { regionEvidence } from '../../shared/review/evidence'
import type { Geometry } from '../../shared/review/region'
import { formatShare } from '../../shared/format/numbers'
import type { Explanation } from '../state/analysis'

const known = new WeakMap<Explanation, WeakMap<Geometry, RegionEvidence>>()

/** What a region holds of an explanation; computed once for the same two. */
export function evidenceOf(
  explanation: Explanation,
  geometry: Geometry,
  image: Size,
): RegionEvidence {
  const ofThis = known.get(explanation) ?? new WeakMap<Geometry, RegionEvidence>()
  known.set(explanation, ofThis)
  const before = ofThis.get(geometry)
  if (before) return before
  const map = { ...explanation.map, region: explanation.result.region }
  const found = regionEvidence(geometry, map, image)
  ofThis.set(geometry, found)
  return found
}

/** Whether the map says anything about a place: an explained tile covers only its part of the image. */
export function isOutside(explanation: Explanation, geometry: Geometry): boolean {
  const box = bounds(geometry)
  const { x, y, width, height } = explanation.result.region
  const besides = box.x > x + width || box.x + box.width < x
  return besides || box.y > y + height || box.y + box.height < y
}

/** `holds 31 % of the evidence for, 4 % against` */
export function evidenceText(evidence: RegionEvidence): string {
  const { positiveShare, negativeShare } = evidence
  if (positiveShare === null && negativeShare === null) return 'there is no evidence to hold'
  if (positiveShare === null) return `holds ${formatShare(negativeShare)} of the evidence against`
  if (negativeShare === null) return `holds ${formatShare(positiveShare)} of the evidence for`
  return `holds ${formatShare(positiveShare)} of the evidence for, ${formatShare(negativeShare)} against`
}
