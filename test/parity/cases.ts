import type { MethodName, MethodParameters, Start } from '../../src/shared/explanation/method'

/** What makes the numbers of a golden file; see test/fixtures/goldens/<model>/meta.json. */
export interface Case {
  readonly method: MethodName
  readonly parameters: MethodParameters
  readonly start: Start
}

const logit = (method: MethodName, parameters: MethodParameters = {}): Case => ({
  method,
  parameters,
  start: 'logit',
})
const unit = (method: MethodName, parameters: MethodParameters = {}): Case => ({
  method,
  parameters,
  start: 'unit',
})

const cases: ReadonlyMap<string, (box: MethodParameters) => Case> = new Map([
  ['lrp0', () => logit('zero')],
  ['epsilon_1e-6', () => logit('epsilon', { epsilon: 1e-6 })],
  ['epsilon_0.25', () => logit('epsilon', { epsilon: 0.25 })],
  ['epsilon_plus', () => logit('epsilon-plus')],
  ['epsilon_plus_flat', () => logit('epsilon-plus-flat')],
  ['epsilon_alpha2_beta1', () => logit('epsilon-alpha2-beta1')],
  ['epsilon_alpha2_beta1_flat', () => logit('epsilon-alpha2-beta1-flat')],
  ['epsilon_gamma_box', (box: MethodParameters) => logit('epsilon-gamma-box', box)],
  ['attnlrp', () => logit('attn-lrp')],
  ['attnlrp_explicit', () => logit('attn-lrp')],
  ['cp_lrp', () => logit('cp-lrp')],
  ['gradient', () => unit('gradient')],
  ['input_x_gradient', () => unit('input-x-gradient')],
  ['integrated_gradients', () => unit('integrated-gradients', { steps: 20, baseline: 'zero' })],
  ['smoothgrad', () => unit('smoothgrad', { samples: 20, noise: 0.1 })],
  ['guided_backprop', () => unit('guided-backprop')],
  ['deconvnet', () => unit('deconvnet')],
  ['excitation_backprop', () => unit('excitation-backprop')],
])

const argmin = '__argmin'

/**
 * How a golden is made; null for a file that nobody has told us how to make.
 * @param box lowest and highest input, for zBox.
 */
export function caseOf(
  golden: string,
  box: MethodParameters,
): (Case & { readonly argmin: boolean }) | null {
  const isArgmin = golden.endsWith(argmin)
  const made = cases.get(isArgmin ? golden.slice(0, -argmin.length) : golden)
  return made ? { ...made(box), argmin: isArgmin } : null
}
