import { AppError } from '../../../../shared/errors'
import { inputOf, outputOf } from '../../operators/operator'
import { sizeOf } from '../../network'
import { constantFrom, type Expansion } from './expansion'

/** The product of one number is the number itself; how relevance is shared by several, no rule says. */
export const product: Expansion = {
  names: ['ReduceProd'],
  kind: 'pass',
  detail: 'pass (over one number; over several it is refused)',
  refuse: constantFrom(1, 'its axes'),
  expand: (node, w) => {
    const shape = w.shape(outputOf(node))
    const count = sizeOf(w.shape(inputOf(node))) / sizeOf(shape)
    if (count === 1) return w.finish(w.reshape(inputOf(node), shape))
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (ReduceProd) cannot be explained: it multiplies ${count} numbers with each other.`,
      'Export the model with the product written as Mul.',
    )
  },
}
