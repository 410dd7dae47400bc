import type { PlainAttributes } from '../../../reference/plainAttributes'
import type { Draft, Wire } from '../draft'
import type { Entry } from '../entry'
import { reduce } from '../forms'

const smallest = (x: Wire): number => Math.min(...x.dims.slice(2))

/** Windows of a pooling; `ceil_mode` came with operator set 10. */
function windowOf({ structure, opsets }: Draft, x: Wire): PlainAttributes {
  const kernel = structure.pick([[2, 2], [3, 3], [3, 2], [1, 2]]) // prettier-ignore
  const strides = structure.pick([[2, 2], [1, 1], [2, 1], kernel]) // prettier-ignore
  const padded = structure.chance(0.3) && Math.min(...kernel) > 1
  const ceil = opsets.lowest >= 10 && structure.chance(0.3)
  // Windows that begin behind the input are another test's.
  const [height = 1, width = 1] = x.dims.slice(2)
  const safe = [height, width].every((length, at) => {
    const [k = 1, s = 1] = [kernel[at], strides[at]]
    return Math.ceil((length - k) / s) * s < length
  })
  return {
    kernel_shape: kernel,
    strides,
    ...(padded && !ceil && { pads: structure.pick([[1, 1, 1, 1], [0, 1, 1, 0]]) }), // prettier-ignore
    ...(ceil && safe && { ceil_mode: 1 }),
  }
}

const pool = (operator: string, more: Partial<Entry> = {}): Entry => ({
  name: operator,
  operators: [operator],
  layouts: ['image'],
  fits: (x) => smallest(x) >= 3,
  write: (draft, x) => draft.node(operator, [x], windowOf(draft, x)),
  ...more,
})

export const pooling: readonly Entry[] = [
  pool('MaxPool', { weight: 2, isHomogeneous: true }),
  pool('AveragePool', {
    weight: 1.5,
    isHomogeneous: true,
    write: (draft, x) =>
      draft.node('AveragePool', [x], {
        ...windowOf(draft, x),
        ...(draft.structure.chance(0.4) && { count_include_pad: 1 }),
      }),
  }),
  pool('LpPool', {
    weight: 0.4,
    isHomogeneous: true,
    write: (draft, x) => draft.node('LpPool', [x], { kernel_shape: [2, 2], strides: [2, 2], p: 2 }),
  }),
  pool('MaxPool with dilations', {
    operators: ['MaxPool'],
    since: 10,
    weight: 0.4,
    isHomogeneous: true,
    write: (draft, x) =>
      draft.node('MaxPool', [x], { kernel_shape: [2, 2], dilations: [2, 1], strides: [1, 2] }),
  }),
  {
    name: 'pooling that keeps the shape',
    operators: ['AveragePool'],
    layouts: ['image'],
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.7,
    write: (draft, x) =>
      draft.node('AveragePool', [x], {
        kernel_shape: [3, 3],
        ...(draft.spelling.chance(0.5) ? { auto_pad: 'SAME_UPPER' } : { pads: [1, 1, 1, 1] }),
        strides: [1, 1],
      }),
  },
  {
    name: 'minus the mean',
    operators: ['ReduceMean', 'Sub'],
    layouts: ['image', 'last', 'tokens', 'vector'],
    keepsShape: true,
    weight: 0.3,
    isHomogeneous: true,
    fits: (x) => x.dims.length > 1,
    write: (draft, x) => {
      const axis = draft.structure.integer(1, x.dims.length - 1)
      return draft.node('Sub', [x, reduce(draft, 'ReduceMean', x, [axis], true)])
    },
  },
]
