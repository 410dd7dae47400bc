import { describe } from 'vitest'
import { string } from '../../../../src/engine/onnx/attributes'
import { testWorked, type Worked } from '../support/worked'

/** Labels that one operand alone has are summed up there, before the product. */
const sums: readonly Worked[] = [
  {
    name: 'bij->bi',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // (1 + 2, 3 + 4)
    write: (net) => net.node('Einsum', ['input'], { equation: string('bij->bi') }),
    weights: [1, 10],
    relevance: [1, 2, 30, 40],
  },
  {
    name: 'bij,jk->bi: weights that are summed are those of a dense layer',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // W = (1 2; 0 4), by rows (3, 4): 3·1 + 4·2 = 11, 3·3 + 4·4 = 25
    write: (net) => {
      const w = net.floats('own', [2, 2], [1, 2, 0, 4])
      return net.node('Einsum', ['input', w], { equation: string('bij,jk->bi') })
    },
    weights: [1, 10],
    relevance: [3, 8, 90, 160],
  },
  {
    name: 'k,bij->bji: nothing is left to sum over',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // 3 · (1, 3, 2, 4)
    write: (net) => {
      const w = net.floats('own', [2], [1, 2])
      return net.node('Einsum', [w, 'input'], { equation: string('k,bij->bji') })
    },
    weights: [1, 10, 100, 1000],
    relevance: [3, 600, 90, 12000],
  },
  {
    name: 'bij,bjk->bi: of two activations each gets half',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // r = (3, 7) by rows: 1·3 + 2·7 = 17, 3·3 + 4·7 = 37. The first factor gets half of (3, 14; 9, 28). r gets
    // half of (1 + 3)·3 and of (2 + 4)·7: 6 in shares of (1, 2)/3, 21 in shares of (3, 4)/7.
    write: (net) => net.node('Einsum', ['input', 'input'], { equation: string('bij,bjk->bi') }),
    weights: [1, 1],
    relevance: [1.5 + 2, 7 + 4, 4.5 + 9, 14 + 12],
  },
]

describe('sums within one operand of an Einsum, worked by hand', () => testWorked(sums))
