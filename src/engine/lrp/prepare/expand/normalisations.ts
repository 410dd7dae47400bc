import { floatOf, intOf, intsOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { inputOf } from '../../operators/operator'
import { normalisation } from '../recognise/regions'
import { constantFrom, type Expansion, type ExpansionFacts } from './expansion'
import {
  axesFrom,
  grouped,
  inGroups,
  optional,
  overRootMeanSquare,
  perChannel,
  standardised,
  type Affine,
} from './normalised'
import { NodeRefusal } from '../../nodeRefusal'

const words = { kind: 'pass', detail: 'a normalisation' } as const

/** Beside the result some put out what they divide by, which only training has a use for. */
function alone(node: Node, { isRead }: ExpansionFacts): string | null {
  return node.outputs.slice(1, 3).some(isRead) ? 'its mean or deviation is used elsewhere' : null
}

const layerNormalization: Expansion = {
  names: ['LayerNormalization'],
  ...words,
  refuse: (node, facts) =>
    constantFrom(1, 'its scale and shift')(node, facts) ?? alone(node, facts),
  expand: (node, w) => {
    const [x = '', scale, shift] = node.inputs
    const axes = axesFrom(w, x, intOf(node, 'axis', -1))
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const parameters = { scale: optional(scale), shift: optional(shift) }
    return w.finish(grouped(w, x, () => standardised(w, x, axes, epsilon), parameters))
  },
}

const rmsNormalization: Expansion = {
  names: ['RMSNormalization', 'SimplifiedLayerNormalization'],
  ...words,
  refuse: (node, facts) => constantFrom(1, 'its scale')(node, facts) ?? alone(node, facts),
  expand: (node, w) => {
    const [x = '', scale] = node.inputs
    const axes = axesFrom(w, x, intOf(node, 'axis', -1))
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const parameters = { scale: optional(scale), shift: null }
    return w.finish(grouped(w, x, () => overRootMeanSquare(w, x, axes, epsilon), parameters))
  },
}

const instanceNormalization: Expansion = {
  names: ['InstanceNormalization'],
  ...words,
  refuse: constantFrom(1, 'its scale and shift'),
  expand: (node, w) => {
    const [x = '', scale = '', shift = ''] = node.inputs
    const axes = axesFrom(w, x, 2)
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const parameters = perChannel(w, x, scale, shift)
    return w.finish(grouped(w, x, () => standardised(w, x, axes, epsilon), parameters))
  },
}

/** With a scale and shift per group up to opset 20, per channel from 21 on. */
const groupNormalization: Expansion = {
  names: ['GroupNormalization'],
  ...words,
  refuse: constantFrom(1, 'its scale and shift'),
  expand: (node, w) => {
    const [x = '', scale = '', shift = ''] = node.inputs
    const groups = intOf(node, 'num_groups', 1)
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const parameters = perChannel(w, x, scale, shift)
    return w.finish(grouped(w, x, () => inGroups(w, x, groups, epsilon), parameters))
  },
}

/** (x − mean) / (deviation + 1e-9), the ε of the function that the standard defines it by. */
const meanVarianceNormalization: Expansion = {
  names: ['MeanVarianceNormalization'],
  ...words,
  expand: (node, w) => {
    const x = inputOf(node)
    const rank = w.shape(x).length
    const axes = (intsOf(node, 'axes') ?? [0, 2, 3]).map((axis) => (axis + rank) % rank)
    if (axes.includes(0) && (w.shape(x)[0] ?? 1) > 1) {
      throw new NodeRefusal(
        node,
        'normalises over the batch, so that its samples do not keep apart',
        'Explain one image at a time.',
        // As of any model that mixes them: what is compiled for several is then compiled for one.
        'invalid-model',
      )
    }
    return w.finish(
      w.group(normalisation, x, {}, () => {
        const centred = w.op('Sub', [x, w.mean(x, axes)])
        const variance = w.mean(w.op('Pow', [centred, w.scalar(2)]), axes)
        return w.op('Div', [centred, w.op('Add', [w.op('Sqrt', [variance]), w.scalar(1e-9)])])
      }),
    )
  },
}

/** x / ‖x‖ along an axis; where all is 0 it stays 0. */
const lpNormalization: Expansion = {
  names: ['LpNormalization'],
  ...words,
  expand: (node, w) => {
    const x = inputOf(node)
    const rank = w.shape(x).length
    const axis = (intOf(node, 'axis', -1) + rank) % rank
    const count = w.scalar(w.shape(x)[axis] ?? 1)
    const least = w.scalar(1e-30)
    return w.finish(
      w.group(normalisation, x, {}, () => {
        const total = (value: string): string => w.op('Mul', [w.mean(value, [axis]), count])
        const norm =
          intOf(node, 'p', 2) === 1
            ? total(w.op('Abs', [x]))
            : w.op('Sqrt', [total(w.op('Pow', [x, w.scalar(2)]))])
        return w.op('Div', [x, w.op('Clip', [norm, least])])
      }),
    )
  },
}

/** A sum of two activations, perhaps with a bias, and the normalisation of what comes out. */
function skipped(
  name: string,
  parts: (inputs: readonly string[]) => Affine & { readonly bias: string | null },
  normal: typeof standardised,
): Expansion {
  return {
    names: [`com.microsoft.${name}`],
    ...words,
    refuse: (node, facts) =>
      constantFrom(2, 'its scale, shift and bias')(node, facts) ?? alone(node, facts),
    expand: (node, w) => {
      const [x = '', skip = ''] = node.inputs
      const { bias, ...scaleAndShift } = parts(node.inputs)
      const residual = w.op('Add', [x, skip])
      const sum = bias === null ? residual : w.op('Add', [residual, bias])
      const last = w.shape(sum).length - 1
      const epsilon = floatOf(node, 'epsilon', 1e-12)
      const value = grouped(w, sum, () => normal(w, sum, [last], epsilon), scaleAndShift)
      return w.finish(value, '', '', sum)
    },
  }
}

export const normalisations: readonly Expansion[] = [
  layerNormalization,
  rmsNormalization,
  instanceNormalization,
  groupNormalization,
  meanVarianceNormalization,
  lpNormalization,
  skipped(
    'SkipLayerNormalization',
    ([, , scale, shift, bias]) => ({
      scale: optional(scale),
      shift: optional(shift),
      bias: optional(bias),
    }),
    standardised,
  ),
  skipped(
    'SkipSimplifiedLayerNormalization',
    ([, , scale, bias]) => ({ scale: optional(scale), shift: null, bias: optional(bias) }),
    overRootMeanSquare,
  ),
]
