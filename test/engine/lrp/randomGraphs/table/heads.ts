import { channelsOf, laidOut, type Wire } from '../draft'
import type { Entry } from '../entry'
import { flatten, reduce, squeeze } from '../forms'

const places = (x: Wire): number[] =>
  x.layout === 'image' ? [2, 3] : x.layout === 'last' ? [1, 2] : [1]

const numbers = (x: Wire): number => x.dims.slice(1).reduce((product, size) => product * size, 1)

/** From any layout to [N, F]; the generator ends with one of them. */
export const heads: readonly Entry[] = [
  {
    name: 'flattened',
    role: 'head',
    operators: ['Flatten'],
    layouts: ['image', 'last', 'tokens'],
    isHomogeneous: true,
    weight: 2,
    fits: (x) => numbers(x) <= 400,
    write: (draft, x) => flatten(draft, x),
  },
  {
    name: 'GlobalAveragePool',
    role: 'head',
    operators: ['GlobalAveragePool'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 2,
    write: (draft, x) => flatten(draft, draft.node('GlobalAveragePool', [x])),
  },
  {
    name: 'GlobalMaxPool',
    role: 'head',
    operators: ['GlobalMaxPool'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.6,
    write: (draft, x) => flatten(draft, draft.node('GlobalMaxPool', [x])),
  },
  {
    name: 'GlobalLpPool',
    role: 'head',
    operators: ['GlobalLpPool'],
    layouts: ['image'],
    until: 21,
    weight: 0.4,
    isHomogeneous: true,
    write: (draft, x) => flatten(draft, draft.node('GlobalLpPool', [x])),
  },
  ...[
    'ReduceMean',
    'ReduceSum',
    'ReduceMax',
    'ReduceMin',
    'ReduceL2',
    'ReduceL1',
    'ReduceSumSquare',
    'ReduceLogSumExp',
  ].map(
    // prettier-ignore
    (operator): Entry => ({
      name: operator,
      role: 'head',
      operators: [operator],
      layouts: ['image', 'last', 'tokens'],
      isHomogeneous: operator !== 'ReduceSumSquare' && operator !== 'ReduceLogSumExp',
      weight: operator === 'ReduceMean' ? 2 : 0.4,
      fits: (x) => operator !== 'ReduceSumSquare' || numbers(x) / channelsOf(x) <= 16,
      write: (draft, x) => {
        if (draft.spelling.chance(0.5))
          return laidOut(reduce(draft, operator, x, places(x), false), 'vector')
        const kept = reduce(draft, operator, x, places(x), true)
        return laidOut(draft.spelling.chance(0.5) ? flatten(draft, kept) : squeeze(draft, kept, places(x)), 'vector') // prettier-ignore
      },
    }),
  ),
  {
    name: 'the four largest of a vector',
    operators: ['TopK'],
    layouts: ['vector'],
    isHomogeneous: true,
    since: 11,
    weight: 0.3,
    fits: (x) => channelsOf(x) >= 4,
    write: (draft, x) => draft.nodes('TopK', [x, draft.integers([4])], { axis: 1 }, 2)[0] ?? x,
  },
]
