import { floatTensor, int64Tensor } from '../../../../src/engine/onnx/elements'
import { index, numbers, row, whole, type Case } from './case'

const all = [9, 13, 17, 23]
const tensor = (values: readonly number[]) => ({
  kind: 'tensor' as const,
  value: floatTensor('', [values.length], Float32Array.from(values)),
})

export const constantCases: readonly Case[] = [
  row('Constant', all, [], { value: tensor([1, 2.5]) }),
  row('Constant', all, [], { value: { kind: 'tensor', value: int64Tensor('', [2, 1], [3, -4]) } }),
  row('Constant', [12, 21], [], { value_float: { f: 0.1 } }),
  row('Constant', [12, 21], [], { value_floats: { kind: 'floats', value: [0.1, 2] } }),
  row('Constant', [12, 21], [], { value_int: 3 }),
  row('Constant', [12, 21], [], { value_ints: [3, 4] }),
  row('ConstantOfShape', all, [whole(2, 3)], { value: tensor([1.5]) }),
  row('ConstantOfShape', all, [whole(2, 3)]),
  row('Range', [11, 17], [index(2), index(9), index(3)]),
  row('Range', [11, 17], [numbers([], 1), numbers([], -1), numbers([], -0.3)]),
]
