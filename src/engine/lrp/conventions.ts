import { propagationOf } from './composites'
import { defaultStabiliser, parameterText } from './rules/rule'
import type { ExplainerOptions } from './explainerTypes'
import type { MethodName } from '../../shared/explanation/method'

/** R of the methods whose map is one gradient; z the logit, or the difference of two. */
const gradientFormulas: Readonly<Partial<Record<MethodName, string>>> = {
  gradient: 'R = ∂z/∂x',
  'input-x-gradient': 'R = x · ∂z/∂x',
  'guided-backprop':
    'R = the gradient of z, of which every ReLU lets only what is positive through, and only where it was active; Springenberg et al. 2015',
  deconvnet:
    'R = the gradient of z, of which every ReLU lets only what is positive through, wherever it goes; Zeiler & Fergus 2014',
}

/** What decides the numbers, in words: part of every result. */
export function conventionsOf(
  options: Pick<ExplainerOptions, 'method' | 'parameters' | 'start' | 'composite'>,
  notes: readonly string[],
): { name: string; value: string }[] {
  const { method, parameters, start } = options
  const said: { name: string; value: string }[] = [{ name: 'method', value: method }]
  const bounds = (bound: number | readonly number[]): string =>
    typeof bound === 'number' ? String(bound) : bound.join(', ')
  if (method.startsWith('epsilon')) {
    said.push({ name: 'epsilon', value: parameterText(parameters.epsilon ?? defaultStabiliser) })
  }
  if (method === 'epsilon-gamma-box') {
    said.push(
      { name: 'gamma', value: String(parameters.gamma ?? 0.25) },
      { name: 'zBox low', value: bounds(parameters.low ?? 0) },
      { name: 'zBox high', value: bounds(parameters.high ?? 1) },
    )
  }
  const propagation = propagationOf(method, parameters, options.composite)
  if (propagation.kind === 'relevance') {
    const { composite } = propagation
    said.push(
      {
        name: 'start relevance',
        value: start === 'logit' ? 'the logit of the explained class' : '1 at the explained class',
      },
      {
        name: 'stabiliser',
        value:
          composite.normStabiliser === 0
            ? 'none; an exact z = 0 gets 1e-6'
            : `${parameterText(composite.normStabiliser)}·sgn(z), sgn(0) = +1`,
      },
      { name: 'bias', value: 'absorbs its share, stated in the ledger' },
      {
        name: 'activations',
        value: composite.activations === 'gradient' ? 'multiply by their derivative' : 'pass',
      },
      {
        name: 'normalisations',
        value:
          composite.normalisations === 'affine'
            ? 'affine layers, the deviation held constant; the shift is their bias'
            : 'pass',
      },
      {
        name: 'products of activations',
        value:
          composite.attention === 'constant'
            ? 'attention (behind a softmax) is held constant, the other factor gets all; else half to each; a gate gets nothing'
            : 'half to each; a gate gets nothing',
      },
      { name: 'softmax', value: 'R = x (R − s Σ R), what it does not conserve is unexplained' },
      { name: 'residual sums and average pooling', value: 'norm' },
      { name: 'max pooling', value: 'the winner takes all, the first on a tie' },
      { name: 'first layer', value: 'by topology' },
    )
  } else {
    const formula = gradientFormulas[method]
    said.push({
      name: 'start',
      value: '1 at the explained class, −1 at the one it is held against if there is one',
    })
    if (formula !== undefined) said.push({ name: 'formula', value: formula })
  }
  const canonised = notes.length > 0 ? notes.join('; ') : 'nothing to fold'
  return [...said, { name: 'canonisation', value: canonised }]
}
