import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../../../src/engine/lrp/explainer'
import { relativeL2 } from '../../../support/npy'
import { numbers, row, some, whole, type Case } from '../../reference/cases/case'
import { classifierAround, type OneOperator } from '../support/oneOperator'
import { explained } from '../transformers/explained'

/** What the second interpreter leaves out, and opset 17 cannot do by itself. */
const scales = (...values: number[]) => numbers([values.length], ...values)
const cases: readonly (readonly [of: Case, size: number])[] = [
  ...['linear', 'cubic'].flatMap((mode): [Case, number][] => [
    [row('Resize', [18, 19], [some(1, 2, 6, 5), null, scales(1, 1, 0.5, 0.6)], { mode, antialias: 1 }), 18], // prettier-ignore
    [row('Resize', [18, 19], [some(1, 2, 6, 5), null, null, whole(1, 2, 4, 7)], { mode, antialias: 1 }), 56], // prettier-ignore
    [row('Resize', [18], [some(1, 2, 9, 8), null, null, whole(3, 3)], { mode, antialias: 1, axes: [2, 3], coordinate_transformation_mode: 'pytorch_half_pixel' }), 18], // prettier-ignore
    [row('Resize', [18, 19], [some(1, 2, 4, 6), null, null, whole(7, 7)], { mode, axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' }), 70], // prettier-ignore
    [row('Resize', [18, 19], [some(1, 2, 4, 6), null, null, whole(7, 7)], { mode, axes: [2, 3], keep_aspect_ratio_policy: 'not_smaller' }), 154], // prettier-ignore
  ]),
  [row('Resize', [18], [some(1, 2, 7, 7), null, null, whole(1, 2, 3, 3)], { mode: 'cubic', antialias: 1, exclude_outside: 1 }), 18], // prettier-ignore
  [row('Resize', [13, 18], [some(1, 2, 4, 5), null, scales(1, 1, 2, 1.5)], { mode: 'cubic', exclude_outside: 1 }), 112], // prettier-ignore
  [row('Resize', [19], [some(1, 2, 4, 6), null, null, whole(7, 7)], { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' }), 70], // prettier-ignore
  ...['nearest', 'linear'].map(
    (mode): [Case, number] =>
    [row('Resize', [11, 13, 18], [some(1, 2, 6, 6), scales(0, 0, 0.2, 0.1, 1, 1, 0.8, 1), scales(1, 1, 0.5, 1.5)], { mode, coordinate_transformation_mode: 'tf_crop_and_resize' }), 54], // prettier-ignore
  ),
  [row('Resize', [10], [some(1, 2, 6, 4), scales(1, 1, 0.5, 2)], { mode: 'nearest' }), 48],
  [row('Upsample', [7], [some(1, 2, 3, 4)], { mode: 'nearest', scales: { kind: 'floats', value: [1, 1, 2, 3] } }), 144], // prettier-ignore
  [row('Upsample', [7], [some(1, 2, 3, 4)], { mode: 'linear', scales: { kind: 'floats', value: [1, 1, 2, 3] } }), 144], // prettier-ignore
]

/** A linear network's gradient, pixel by pixel: the logit of an image that is 1 there and 0 elsewhere. */
async function byPixels({ bytes, image }: OneOperator): Promise<Float32Array> {
  const classifier = await createClassifier(bytes, 1)
  const gradient = new Float32Array(image.length)
  for (let at = 0; at < image.length; at++) {
    const logits = await classifier.run(new Float32Array(image.length).fill(1, at, at + 1))
    gradient[at] = logits[1] ?? NaN
  }
  await classifier.release()
  return gradient
}

describe.each(cases.map(([of, size]) => [of.name, of, size] as const))('%s', (_, of, size) => {
  test.each(of.opsets)('operator set %i', async (opset) => {
    const network = classifierAround(of, opset, [size])
    const { bytes, image } = network
    const classifier = await createClassifier(bytes, 1)
    const plain = await classifier.run(image)
    await classifier.release()
    const gradient = await explained(bytes, 'gradient', image)
    expect(relativeL2(gradient.logits, plain)).toBeLessThan(1e-5)
    const wanted = await byPixels(network)
    expect(relativeL2(gradient.relevance, wanted)).toBeLessThan(1e-5)
    const exact = await explained(bytes, 'attn-lrp', image)
    const parts = image.map((x, at) => x * (wanted[at] ?? NaN))
    expect(relativeL2(exact.relevance, parts)).toBeLessThan(1e-4)
  })
})

test('what lies outside of the input is refused by name', async () => {
  const of = row(
    'Resize',
    [13],
    [some(1, 1, 4, 4), scales(0, 0, -0.5, 0, 1, 1, 1, 1), scales(1, 1, 1, 1)],
    { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize' },
  )
  const { bytes, image } = classifierAround(of, 13, [16])
  await expect(explained(bytes, 'epsilon', image)).rejects.toThrow(
    '“the node” (Resize) reads places outside of its input',
  )
})
