import { expect, test } from 'vitest'
import { assertWithinBox } from '../../../src/engine/lrp/outsideBox'
import { customCompositeSchema } from '../../../src/shared/explanation/composite'
import type { MethodParameters } from '../../../src/shared/explanation/method'

const shape = [1, 2, 1, 2]
/** Two channels of two pixels: −1, 0 and 1, 2; the same pixels channel by channel in NHWC are −1, 1 and 0, 2. */
const input = Float32Array.of(-1, 0, 1, 2)
const check = (parameters: MethodParameters, layout?: 'NHWC') => (): void =>
  assertWithinBox(input, layout ? [1, 1, 2, 2] : shape, {
    method: 'epsilon-gamma-box',
    parameters,
    layout,
  })

test('inputs within the box, with the rounding of float32, and a box that nobody stated', () => {
  expect(check({ low: -1, high: 2 })).not.toThrow()
  expect(check({ low: [-1, 1], high: [0, 2] })).not.toThrow()
  expect(check({ low: -1 + 1e-6, high: 2 - 1e-6 })).not.toThrow()
  expect(check({ low: [-1, 0], high: [1, 2] }, 'NHWC')).not.toThrow()
  expect(check({})).not.toThrow()
})

test('an input outside is refused by its number, its channel and the bound', () => {
  expect(check({ low: 0, high: 2 })).toThrow(
    /reaches -1 in channel 0, below the lowest input .*, 0\.$/,
  )
  expect(check({ low: -1, high: [0, 1.9] })).toThrow(/reaches 2 in channel 1, above .*, 1\.9\.$/)
  // Last axis: channel 0 is −1 and 1 there.
  expect(check({ low: -1, high: [0, 2] }, 'NHWC')).toThrow(/reaches 1 in channel 0, above/)
})

test('the box of a composite’s own rules counts as well, no other method has one', () => {
  const composite = customCompositeSchema.parse({
    schema: 'pixelwise-composite/1',
    name: 'box first',
    layers: [
      { select: { layer: 'firstConvolution' }, apply: { rule: 'zBox', low: -1, high: 1 } },
      { select: {}, apply: { rule: 'epsilon' } },
    ],
  })
  const asked = { parameters: {}, composite }
  expect(() => assertWithinBox(input, shape, { ...asked, method: 'custom' })).toThrow(/reaches 2/)
  expect(() => assertWithinBox(input, shape, { ...asked, method: 'epsilon' })).not.toThrow()
})
