import type { ExplanationSpec, Scope } from '../../shared/explanation/method'
import type { ImageId } from '../../shared/session'

function scopeKey(scope: Scope): string {
  return scope.kind === 'whole' ? 'whole' : `tile:${scope.x}:${scope.y}`
}

export function predictionKey(imageId: ImageId, scope: Scope): string {
  return `${imageId}|${scopeKey(scope)}`
}

/** Equal for specifications that give equal numbers, whatever the order of their properties. */
export function explanationKey(imageId: ImageId, spec: ExplanationSpec): string {
  const { method, parameters, target, start, scope } = spec
  const { epsilon, gamma, low, high } = parameters
  const targetKey =
    target.kind === 'top'
      ? 'top'
      : target.kind === 'class'
        ? `class:${target.index}`
        : `contrast:${target.index}:${target.against}`
  return [
    imageId,
    scopeKey(scope),
    method,
    JSON.stringify([epsilon, gamma, low, high]),
    targetKey,
    start,
  ].join('|')
}
