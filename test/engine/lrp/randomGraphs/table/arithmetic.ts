import { channelAxis, channelsOf, type Draft, type Layout, type Wire } from '../draft'
import type { Entry } from '../entry'

const everywhere: readonly Layout[] = ['image', 'last', 'tokens', 'vector']

/** One number per channel, for all, or per place, in a shape that broadcasts. */
function constantFor(draft: Draft, x: Wire, make: (count: number) => Float32Array): Wire {
  const kind = draft.structure.pick(['channel', 'one', 'place'])
  if (kind === 'one') return draft.floats([], make(1))
  const [, ...sample] = x.dims
  if (kind === 'channel') {
    const behind = x.dims.length - 1 - channelAxis(x)
    const dims = [channelsOf(x), ...Array<number>(behind).fill(1)]
    return draft.floats(dims, make(channelsOf(x)))
  }
  return draft.floats(sample, make(sample.reduce((product, size) => product * size, 1)))
}

const normal =
  (draft: Draft) =>
  (count: number): Float32Array =>
    draft.structure.normals(count, 0.5)

/** Away from zero, of either sign. */
const divisor =
  (draft: Draft) =>
  (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => draft.structure.pick([-1, 1]) * draft.structure.between(0.6, 1.8)) // prettier-ignore

const withConstant = (
  name: string,
  operator: string,
  write: (draft: Draft, x: Wire) => readonly [Wire, Wire],
  more: Partial<Entry> = {},
): Entry => ({
  name,
  operators: [operator],
  layouts: everywhere,
  keepsShape: true,
  weight: 0.5,
  write: (draft, x) => draft.node(operator, write(draft, x)),
  ...more,
})

export const arithmetic: readonly Entry[] = [
  {
    name: 'plus a constant',
    operators: ['Add'],
    layouts: everywhere,
    keepsShape: true,
    weight: 0.5,
    isHomogeneous: true,
    write: (draft, x) => {
      const sum = draft.node('Add', [x, constantFor(draft, x, normal(draft))])
      // Where the summand is folded, a factor behind it would be, too.
      return draft.isNormalised(x) ? draft.noteNormalised(sum) : sum
    },
  },
  withConstant('minus a constant', 'Sub', (d, x) => [x, constantFor(d, x, normal(d))], { isHomogeneous: true }), // prettier-ignore
  withConstant('a constant minus it', 'Sub', (d, x) => [constantFor(d, x, normal(d)), x], { isHomogeneous: true }), // prettier-ignore
  withConstant('times a constant', 'Mul', (d, x) => [x, constantFor(d, x, divisor(d))], { isHomogeneous: true, weight: 1, fits: (x, d) => !d.isNormalised(x) }), // prettier-ignore
  withConstant('over a constant', 'Div', (d, x) => [x, constantFor(d, x, divisor(d))], { isHomogeneous: true }), // prettier-ignore
  withConstant('a constant over it', 'Div', (d, x) => [constantFor(d, x, normal(d)), d.node('Add', [d.node('Sigmoid', [x]), d.scalar(0.5)])], { weight: 0.2 }), // prettier-ignore
  {
    name: 'twice itself',
    operators: ['Add'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.2,
    write: (draft, x) => draft.node('Add', [x, x]),
  },
  {
    name: 'masked by a constant',
    isHomogeneous: true,
    operators: ['Where'],
    layouts: everywhere,
    keepsShape: true,
    weight: 0.3,
    write: (draft, x) => {
      const [, ...sample] = x.dims
      const count = sample.reduce((product, size) => product * size, 1)
      const scores = draft.floats(sample, draft.structure.normals(count))
      const mask = draft.node('Greater', [scores, draft.scalar(-0.5)])
      return draft.node('Where', [mask, x, draft.scalar(0.25)])
    },
  },
]
