import { canonicalJson } from '../../shared/canonicalJson'
import type { ExplanationSpec, Scope } from '../../shared/explanation/method'
import type { ImageId } from '../../shared/session'

export function predictionKey(imageId: ImageId, scope: Scope): string {
  return `${imageId}|${canonicalJson(scope)}`
}

/** Equal for specifications that give equal numbers, whatever the order of their properties. */
export function explanationKey(imageId: ImageId, spec: ExplanationSpec): string {
  return `${imageId}|${canonicalJson(spec)}`
}
