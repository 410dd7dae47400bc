import { floatOf, int, intOf, intsOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import { DataType, type Node } from '../../../onnx/model'
import type { NodeWriter } from '../nodeWriter'
import { constantFrom, type Expansion, type ExpansionFacts } from './expansion'

/** What a masked score becomes: its softmax is 0 to the bit. */
const masked = -1e30

interface Heads {
  /** [batch, heads, tokens, size] */
  readonly query: string
  readonly key: string
  readonly value: string
}

interface Scores {
  readonly scale: number
  /** Added to the scores; null for none. */
  readonly masks: readonly string[]
}

/** softmax(scale · Q·Kᵀ + masks)·V for every head; several heads of the query may share one of the others. */
function attend(w: NodeWriter, { query, key, value }: Heads, { scale, masks }: Scores): string {
  const [batch = 1, heads = 1, tokens = 1, size = 1] = w.shape(query)
  const [, shared = 1, others = 1] = w.shape(key)
  const width = w.shape(value).at(-1) ?? 1
  const each = heads / shared
  const grouped = (x: string, rows: number, columns: number): string =>
    each === 1 ? x : w.reshape(x, [batch, shared, each, rows, columns])
  const alone = (x: string, columns: number): string =>
    each === 1 ? x : w.reshape(x, [batch, shared, 1, others, columns])
  const products = w.matMul(grouped(query, tokens, size), w.swapped(alone(key, size)))
  let scores = w.reshape(products, [batch, heads, tokens, others])
  if (scale !== 1) scores = w.op('Mul', [scores, w.scalar(scale)])
  for (const mask of masks) scores = w.op('Add', [scores, mask])
  const attention = w.op('Softmax', [scores], { axis: int(-1) })
  const result = w.matMul(grouped(attention, tokens, others), alone(value, width))
  return w.reshape(result, [batch, heads, tokens, width])
}

/** [batch, tokens, heads · size] → [batch, heads, tokens, size] */
function apart(w: NodeWriter, x: string, heads: number): string {
  const [batch = 1, tokens = 1, width = 1] = w.shape(x)
  return w.transpose(w.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3])
}

/** [batch, heads, tokens, size] → [batch, tokens, heads · size] */
function together(w: NodeWriter, x: string): string {
  const [batch = 1, heads = 1, tokens = 1, size = 1] = w.shape(x)
  return w.reshape(w.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * size])
}

/** No token looks at a later one. */
function causalMask(w: NodeWriter, tokens: number, others: number): string {
  const values = Float32Array.from({ length: tokens * others }, (_, at) =>
    at % others > Math.floor(at / others) ? masked : 0,
  )
  return w.floats('causal mask', [tokens, others], values)
}

/** A constant mask as numbers to be added: false and −∞ become what is masked. */
function additive(w: NodeWriter, value: string): string {
  const constant = w.constantOf(value)
  if (!constant) return value
  const numbers =
    constant.dataType === DataType.bool
      ? Float32Array.from(constant.raw, (byte) => (byte === 0 ? masked : 0))
      : floatsOf(constant).map((number) => Math.max(number, masked))
  return w.floats(`${value} as summand`, constant.dims, numbers)
}

/** Why inputs or outputs beyond the plain form cannot be there. */
function plainOnly(inputs: readonly (readonly [number, string])[], firstOutput: number) {
  return (node: Node, { isRead }: ExpansionFacts): string | null => {
    const used = inputs.find(([at]) => (node.inputs[at] ?? '') !== '')
    if (used) return `${used[1]} not supported`
    return node.outputs.slice(firstOutput).some(isRead)
      ? 'its further outputs are used elsewhere'
      : null
  }
}

const past = 'past keys and values are'

/** Attention of operator set 23 (scaled dot-product attention). */
const standard: Expansion = {
  names: ['Attention'],
  kind: 'rule',
  detail: 'half to each of two activations',
  refuse: (node, facts) => {
    if (floatOf(node, 'softcap', 0) !== 0) return 'a softcap is not supported'
    const mask = constantFrom(3, 'its mask')({ ...node, inputs: node.inputs.slice(0, 4) }, facts)
    const unused = [[4, past], [5, past], [6, 'sequence lengths are']] as const // prettier-ignore
    return mask ?? plainOnly(unused, 1)(node, facts)
  },
  expand: (node, w) => {
    const [q = '', k = '', v = '', mask = ''] = node.inputs
    const flat = w.shape(q).length === 3
    const heads = intOf(node, 'q_num_heads', 1)
    const shared = intOf(node, 'kv_num_heads', heads)
    const query = flat ? apart(w, q, heads) : q
    const key = flat ? apart(w, k, shared) : k
    const value = flat ? apart(w, v, shared) : v
    const [tokens = 1, size = 1] = w.shape(query).slice(-2)
    const masks = mask === '' ? [] : [additive(w, mask)]
    if (intOf(node, 'is_causal', 0) === 1) {
      masks.push(causalMask(w, tokens, w.shape(key).at(-2) ?? 1))
    }
    const scale = floatOf(node, 'scale', 1 / Math.sqrt(size))
    const result = attend(w, { query, key, value }, { scale, masks })
    return w.finish(flat ? together(w, result) : result)
  },
}

/** ONNX Runtime's attention over projected queries, keys and values of [batch, tokens, width]. */
const multiHead: Expansion = {
  names: ['com.microsoft.MultiHeadAttention'],
  kind: 'rule',
  detail: 'half to each of two activations',
  refuse: (node, facts) => {
    if ((node.inputs[1] ?? '') === '' || (node.inputs[2] ?? '') === '')
      return 'packed keys and values are not supported'
    const parameters = [node.inputs[3] ?? '', node.inputs[5] ?? '']
    if (!parameters.every((value) => value === '' || facts.isConstant(value)))
      return 'its bias and mask must be constant'
    const unused = [[4, 'a padding mask is'], [6, past], [7, past]] as const // prettier-ignore
    return plainOnly(unused, 1)(node, facts)
  },
  expand: (node, w) => {
    const [q = '', k = '', v = '', bias = '', , summand = ''] = node.inputs
    const heads = intOf(node, 'num_heads', 1)
    // Keys and values of another attention come as [batch, heads, tokens, size], and the bias is that of the queries.
    const isApart = (value: string): boolean => w.shape(value).length === 4
    const widths = [q, k, v].map((value) => (w.shape(value).at(-1) ?? 1) * (isApart(value) ? heads : 1)) // prettier-ignore
    const [query = '', key = '', value = ''] = [q, k, v].map((projection, at) => {
      if (isApart(projection)) return projection
      const start = widths.slice(0, at).reduce((sum, width) => sum + width, 0)
      const own = bias === '' ? null : part(w, bias, start, widths[at] ?? 0)
      return apart(w, own === null ? projection : w.op('Add', [projection, own]), heads)
    })
    return w.finish(
      together(w, attend(w, { query, key, value }, ofRuntime(node, w, query, summand))),
    )
  },
}

/** ONNX Runtime's attention with the projection of its input: one dense layer, cut into three. */
const projected: Expansion = {
  names: ['com.microsoft.Attention'],
  kind: 'rule',
  detail: 'half to each of two activations',
  isLinear: () => true,
  refuse: (node, facts) => {
    if (intOf(node, 'do_rotary', 0) !== 0) return 'rotary embedding is not supported'
    const parameters = [1, 2, 5].map((at) => node.inputs[at] ?? '')
    if (!parameters.every((value) => value === '' || facts.isConstant(value)))
      return 'its weights, bias and mask must be constant'
    const unused = [[3, 'a padding mask is'], [4, past], [6, past]] as const // prettier-ignore
    return plainOnly(unused, 1)(node, facts)
  },
  expand: (node, w) => {
    const [x = '', weights = '', bias = '', , , summand = ''] = node.inputs
    const all = w.shape(weights).at(-1) ?? 1
    const widths = intsOf(node, 'qkv_hidden_sizes') ?? [all / 3, all / 3, all / 3]
    const product = w.matMul(x, weights)
    w.bearName()
    const packedValues = bias === '' ? product : w.op('Add', [product, bias])
    const heads = intOf(node, 'num_heads', 1)
    const [query = '', key = '', value = ''] = widths.map((width, at) => {
      const start = widths.slice(0, at).reduce((sum, before) => sum + before, 0)
      const shape = [...w.shape(packedValues).slice(0, -1), width]
      const ends = [start, start + width].map((end) => w.integers([end]))
      const cut = w.op('Slice', [packedValues, ...ends, w.integers([2])], {}, shape)
      return apart(w, cut, heads)
    })
    return w.finish(
      together(w, attend(w, { query, key, value }, ofRuntime(node, w, query, summand))),
    )
  },
}

/** Scale and masks as ONNX Runtime's operators state them. */
function ofRuntime(node: Node, w: NodeWriter, query: string, summand: string): Scores {
  const [tokens = 1, size = 1] = w.shape(query).slice(-2)
  const masks = summand === '' ? [] : [additive(w, summand)]
  if (intOf(node, 'unidirectional', 0) === 1) masks.push(causalMask(w, tokens, tokens))
  const stated = floatOf(node, 'scale', 0)
  return { scale: stated === 0 ? 1 / Math.sqrt(size) : stated, masks }
}

/** Some numbers of a constant vector. */
function part(w: NodeWriter, value: string, start: number, length: number): string {
  const constant = w.constantOf(value)
  if (!constant) throw new Error(`${value} is not constant`)
  const numbers = floatsOf(constant).slice(start, start + length)
  return w.floats(`${value} from ${start}`, [length], numbers)
}

export const attention: readonly Expansion[] = [standard, multiHead, projected]
