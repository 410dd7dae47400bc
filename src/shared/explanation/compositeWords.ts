import type { CustomComposite, LayerSelector, RuleSpec } from './composite'

const layerWords: Readonly<Record<LayerSelector['layer'], string>> = {
  any: 'every layer',
  convolution: 'convolutions',
  dense: 'dense layers',
  first: 'the first layer',
  firstConvolution: 'the first convolution',
}

/** `convolutions 1 to 4 named “features.*”` */
export function selectorText({ layer, name, from, to }: LayerSelector): string {
  const range =
    from === undefined && to === undefined
      ? ''
      : from === to
        ? `, layer ${String(from)}`
        : to === undefined
          ? `, from layer ${String(from)}`
          : `, layers ${from ?? 1} to ${to}`
  return `${layerWords[layer]}${name === undefined ? '' : ` named “${name}”`}${range}`
}

/** `gamma 0.25`, `alphaBeta 2, 1` */
export function ruleText(rule: RuleSpec): string {
  const bound = (value: number | readonly number[]) => [value].flat().map(plain).join(', ')
  switch (rule.rule) {
    case 'epsilon':
      return `epsilon ${plain(rule.epsilon)}`
    case 'gamma':
      return `gamma ${plain(rule.gamma)}`
    case 'alphaBeta':
      return `alphaBeta ${plain(rule.alpha)}, ${plain(rule.beta)}`
    case 'zBox':
      return `zBox from ${bound(rule.low)} to ${bound(rule.high)}`
    case 'zero':
    case 'zPlus':
    case 'wSquare':
    case 'flat':
      return rule.rule
  }
}

/** As a file that can be read again, one rule a line. */
export function compositeJson({ layers, ...rest }: CustomComposite): string {
  const head = Object.entries(rest).map(([name, value]) => `  ${pair(name, value)},`)
  const rules = layers.map((layer) => `    ${JSON.stringify(layer)}`)
  return ['{', ...head, '  "layers": [', rules.join(',\n'), '  ]', '}'].join('\n')
}

function pair(name: string, value: string): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`
}

/** `0.25`, `1e-6` */
function plain(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

/** One line a rule, in the order in which they are tried, and what is not as usual. */
export function compositeLines(composite: CustomComposite): readonly (readonly [string, string])[] {
  const { layers, activations, normalisations, attention } = composite
  return [
    ...layers.map(({ select, apply }) => [selectorText(select), ruleText(apply)] as const),
    ...(activations === 'pass' ? [] : [['activations', 'their derivative'] as const]),
    ...(normalisations === 'pass' ? [] : [['normalisations', 'as affine layers'] as const]),
    ...(attention === 'half' ? [] : [['attention', 'held constant'] as const]),
  ]
}
