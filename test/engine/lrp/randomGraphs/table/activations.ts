import { channelAxis, channelsOf, type Draft, type Layout, type Wire } from '../draft'
import type { Entry } from '../entry'
import { clip } from '../forms'
import { geluByErf, geluByTanh, hardSigmoid, hardSwish, mish, silu } from '../spellings'

const everywhere: readonly Layout[] = ['image', 'last', 'tokens', 'vector']

/** A function of one number. */
function each(
  name: string,
  write: (draft: Draft, x: Wire) => Wire,
  more: Partial<Pick<Entry, 'operators' | 'since' | 'weight' | 'isHomogeneous'>> = {},
): Entry {
  return { name, operators: [name], layouts: everywhere, keepsShape: true, weight: 0.5, ...more, write } // prettier-ignore
}

const plain = (operator: string, more?: Parameters<typeof each>[2]): Entry =>
  each(operator, (draft, x) => draft.node(operator, [x]), more)

/** x scaled so that exponentials stay tame. */
const small = (draft: Draft, x: Wire): Wire => draft.node('Tanh', [x])

export const activations: readonly Entry[] = [
  plain('Relu', { weight: 8, isHomogeneous: true }),
  each('LeakyRelu', (draft, x) => draft.node('LeakyRelu', [x], { alpha: { f: 0.1 } }), {
    isHomogeneous: true,
  }),
  each(
    'PRelu',
    (draft, x) => {
      const dims = Array<number>(x.dims.length - channelAxis(x)).fill(1)
      const count = channelsOf(x)
      const slopes = draft.structure.normals(count, 0.3)
      return draft.node('PRelu', [x, draft.floats(dims.with(0, count), slopes)])
    },
    { isHomogeneous: true },
  ),
  each('Elu', (draft, x) => draft.node('Elu', [x], { alpha: { f: 0.8 } })),
  plain('Selu'),
  each('Celu', (draft, x) => draft.node('Celu', [x], { alpha: { f: 0.7 } }), { since: 12 }),
  each('ThresholdedRelu', (d, x) => d.node('ThresholdedRelu', [x], { alpha: { f: 0.4 } }), { since: 10, isHomogeneous: true }), // prettier-ignore
  each('HardSigmoid', (draft, x) => hardSigmoid(draft, x)),
  each('hard swish', (draft, x) => hardSwish(draft, x), { operators: ['HardSwish', 'HardSigmoid'] }), // prettier-ignore
  each('SiLU', (draft, x) => silu(draft, x), { operators: ['Sigmoid'] }),
  each('GELU', (draft, x) => geluByErf(draft, x), { operators: ['Gelu', 'Erf'] }),
  each('GELU by tanh', (draft, x) => geluByTanh(draft, x), { operators: ['Gelu', 'Tanh'] }),
  each('Mish', (draft, x) => mish(draft, x), { operators: ['Mish', 'Softplus'] }),
  plain('Softplus'),
  plain('Softsign'),
  plain('Sigmoid'),
  plain('Tanh'),
  plain('Erf'),
  plain('Abs', { weight: 0.3, isHomogeneous: true }),
  plain('Neg', { weight: 0.3, isHomogeneous: true }),
  each('Clip', (draft, x) => clip(draft, x, 0, draft.structure.pick([6, 1, 0.7]))),
  each('Clip at one end', (draft, x) => {
    const [low, high] = draft.structure.pick([[-0.5, null], [null, 0.8], [-0.3, 0.9], [0, null]] as const) // prettier-ignore
    return clip(draft, x, low, high)
  }, { operators: ['Clip'] }), // prettier-ignore
  each('Exp', (draft, x) => draft.node('Exp', [small(draft, x)]), { weight: 0.3 }),
  each('Log', (draft, x) => {
    const positive = draft.node('Add', [draft.node('Abs', [x]), draft.scalar(0.6)])
    return draft.node('Log', [positive])
  }, { weight: 0.3 }), // prettier-ignore
  each('Sqrt', (draft, x) => {
    const positive = draft.node('Add', [draft.node('Softplus', [x]), draft.scalar(0.2)])
    return draft.node('Sqrt', [positive])
  }, { weight: 0.3 }), // prettier-ignore
  each('Reciprocal', (draft, x) => {
    const positive = draft.node('Add', [draft.node('Sigmoid', [x]), draft.scalar(0.5)])
    return draft.node('Reciprocal', [positive])
  }, { weight: 0.3 }), // prettier-ignore
  each('Pow', (draft, x) => {
    const exponent = draft.structure.pick([2, 3])
    return draft.node('Pow', [small(draft, x), draft.scalar(exponent)])
  }, { weight: 0.3 }), // prettier-ignore
  each('power of a constant', (draft, x) => draft.node('Pow', [draft.scalar(1.7), small(draft, x)]), { operators: ['Pow'], weight: 0.2 }), // prettier-ignore
  each('square', (draft, x) => {
    const y = small(draft, x)
    return draft.node('Mul', [y, y])
  }, { operators: ['Mul'], weight: 0.3 }), // prettier-ignore
  each('Max with a constant', (draft, x) => draft.node('Max', [x, draft.scalar(-0.2)]), { operators: ['Max'], weight: 0.4 }), // prettier-ignore
  each('Min with a constant', (draft, x) => draft.node('Min', [draft.scalar(0.9), x]), { operators: ['Min'], weight: 0.4 }), // prettier-ignore
  each('maximum of the value and a part of it', (draft, x) => {
    const part = draft.node('Mul', [x, draft.scalar(0.1)])
    return draft.node('Max', [x, part])
  }, { operators: ['Max'], weight: 0.4, isHomogeneous: true }), // prettier-ignore
  each('Where', (draft, x) => {
    const above = draft.node('Greater', [x, draft.scalar(0.1)])
    return draft.node('Where', [above, x, draft.node('Mul', [x, draft.scalar(0.2)])])
  }, { weight: 0.4, isHomogeneous: true }), // prettier-ignore
  each('product with its own mask', (draft, x) => {
    const above = draft.node('Greater', [x, draft.scalar(0)])
    return draft.node('Mul', [x, draft.node('Cast', [above], { to: 1 })])
  }, { operators: ['Greater', 'Cast'], weight: 0.4, isHomogeneous: true }), // prettier-ignore
  each('rounded', (draft, x) => {
    const steps = draft.node(draft.structure.pick(['Floor', 'Ceil']), [x])
    return draft.node('Add', [x, draft.node('Mul', [steps, draft.scalar(0.2)])])
  }, { operators: ['Floor', 'Ceil'], weight: 0.2, isHomogeneous: true }), // prettier-ignore
]
