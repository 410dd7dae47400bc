import { numbers, row, some, whole, type Case, type Input } from './case'

const scales = (...values: number[]) => numbers([values.length], ...values)
const modes = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric']
const rounding = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']

/** In operator set 11 inputs that are not used are empty; later they may be left out. */
function rows(
  x: Input,
  by: { readonly scales: Input } | { readonly sizes: Input },
  attributes: Readonly<Record<string, string>>,
): Case[] {
  return [[11], [13, 18]].map((opsets) => {
    const none = opsets.includes(11) ? numbers([0]) : null
    const inputs = 'scales' in by ? [x, none, by.scales] : [x, none, none, by.sizes]
    return row('Resize', opsets, inputs, attributes)
  })
}

export const resizeCases: readonly Case[] = [
  ...['nearest', 'linear'].flatMap((mode) => [
    row('Upsample', [9], [some(1, 2, 3, 4), scales(1, 1, 2, 3)], { mode }),
    row('Resize', [10], [some(1, 2, 3, 4), scales(1, 1, 2, 2)], { mode }),
    row('Resize', [10], [some(1, 2, 6, 8), scales(1, 1, 0.5, 0.625)], { mode }),
    row('Resize', [10], [some(1, 2, 6, 8), scales(1, 1, 1.5, 1.25)], { mode }),
    ...modes.flatMap((coordinates) => {
      const attributes = { mode, coordinate_transformation_mode: coordinates }
      return [
        ...rows(some(1, 2, 4, 6), { scales: scales(1, 1, 2, 1.5) }, attributes),
        ...rows(some(1, 2, 6, 8), { scales: scales(1, 1, 0.5, 0.625) }, attributes),
        ...rows(some(1, 2, 4, 6), { sizes: whole(1, 2, 7, 4) }, attributes),
      ]
    }),
    row('Resize', [18], [some(1, 2, 4, 6), null, scales(2, 0.5)], { mode, axes: [2, 3] }),
    row('Resize', [18], [some(1, 2, 4, 6), null, null, whole(5)], { mode, axes: [-1] }),
    row('Resize', [19], [some(1, 2, 5, 6), null, scales(1, 1, 1.5, 0.7)], { mode, coordinate_transformation_mode: 'half_pixel_symmetric' }), // prettier-ignore
  ]),
  ...modes.flatMap((coordinates) =>
    rows(
      some(1, 2, 4, 6),
      { scales: scales(1, 1, 2, 1.5) },
      { mode: 'cubic', coordinate_transformation_mode: coordinates },
    ),
  ),
  row('Resize', [13, 18], [some(1, 2, 6, 5), null, null, whole(1, 2, 9, 3)], { mode: 'cubic', cubic_coeff_a: { f: -0.5 } }), // prettier-ignore
  ...rounding.flatMap((nearest) =>
    ['half_pixel', 'asymmetric', 'align_corners'].flatMap((coordinates) =>
      rows(
        some(1, 2, 6, 5),
        { sizes: whole(1, 2, 9, 3) },
        { nearest_mode: nearest, coordinate_transformation_mode: coordinates },
      ),
    ),
  ),
  ...rows(
    some(1, 2, 4, 4),
    { scales: scales(1, 1, 2, 2) },
    { coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode: 'floor' },
  ),
]
