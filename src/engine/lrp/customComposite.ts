import type { LayerSelector, RuleSpec } from '../../shared/explanation/composite'
import type { LayerPlace } from './composites'
import { alphaBeta, zPlus } from './rules/alphaBeta'
import { epsilon } from './rules/epsilon'
import { flat } from './rules/flat'
import { gamma } from './rules/gamma'
import type { Rule } from './rules/rule'
import { wSquare } from './rules/wSquare'
import { zBox } from './rules/zBox'

/** The rule that one entry of a composite file asks for. */
export function ruleOf(spec: RuleSpec): Rule {
  switch (spec.rule) {
    case 'zero':
      return epsilon(0)
    case 'epsilon':
      return epsilon(spec.epsilon)
    case 'gamma':
      return gamma(spec.gamma)
    case 'alphaBeta':
      return alphaBeta(spec.alpha, spec.beta)
    case 'zPlus':
      return zPlus
    case 'zBox':
      return zBox(asList(spec.low), asList(spec.high))
    case 'wSquare':
      return wSquare
    case 'flat':
      return flat
  }
}

/** Whether an entry selects a layer: all that it states must hold. */
export function selectorOf(select: LayerSelector): (place: LayerPlace) => boolean {
  const name = select.name === undefined ? null : globOf(select.name)
  return (place) =>
    isKind(select.layer, place) &&
    (name?.test(place.name) ?? true) &&
    place.number >= (select.from ?? 1) &&
    place.number <= (select.to ?? Number.POSITIVE_INFINITY)
}

function isKind(layer: LayerSelector['layer'], place: LayerPlace): boolean {
  switch (layer) {
    case 'any':
      return true
    case 'convolution':
      return place.convolution
    case 'dense':
      return !place.convolution
    case 'first':
      return place.first
    case 'firstConvolution':
      return place.firstConvolution
  }
}

/** `*` stands for any characters; a pattern without one is the whole name. */
function globOf(pattern: string): RegExp {
  const parts = pattern
    .split(/\*+/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 'su')
}

export function asList(bound: number | readonly number[]): readonly number[] {
  return typeof bound === 'number' ? [bound] : bound
}
