import { row, some, type Case } from './case'

const all = [9, 13, 17, 22]

export const productCases: readonly Case[] = [
  row('MatMul', all, [some(3, 4), some(4, 5)]),
  row('MatMul', all, [some(2, 3, 4), some(4, 5)]),
  row('MatMul', all, [some(3, 4), some(2, 4, 5)]),
  row('MatMul', all, [some(2, 1, 3, 4), some(5, 4, 2)]),
  row('MatMul', all, [some(4), some(4, 5)]),
  row('MatMul', all, [some(2, 3, 4), some(4)]),
  row('MatMul', all, [some(4), some(4)]),
  row('Gemm', all, [some(3, 4), some(4, 5), some(5)]),
  row('Gemm', all, [some(3, 4), some(5, 4), some(3, 1)], { transB: 1 }),
  row('Gemm', all, [some(4, 3), some(4, 5), some(1)], { transA: 1, alpha: { f: 0.3 }, beta: { f: -0.7 } }), // prettier-ignore
  row('Gemm', [11, 13], [some(4, 3), some(5, 4)], { transA: 1, transB: 1, alpha: { f: 2 } }),
  ...['ij,jk->ik', 'ij,jk', 'ij,jk->ki', 'ij,kj->ik'].map((equation) =>
    row('Einsum', [12, 21], [some(3, 3), some(3, 3)], { equation }),
  ),
  row('Einsum', [12, 21], [some(2, 3, 4), some(2, 5, 4)], { equation: 'bid,bjd->bij' }),
  row('Einsum', [12], [some(2, 3, 4, 2), some(2, 5, 4, 2)], { equation: 'bihd, bjhd -> bhij' }), // prettier-ignore
  row('Einsum', [12], [some(2, 3, 4)], { equation: 'bij->bji' }),
  row('Einsum', [12], [some(2, 3, 4)], { equation: 'bij->b' }),
  row('Einsum', [12], [some(2, 3, 4), some(2, 5, 4)], { equation: 'bid,bjd->bi' }),
  row('Einsum', [12], [some(2, 3, 4), some(5)], { equation: 'bid,j->di' }),
  row('Einsum', [12], [some(3, 3)], { equation: 'ii->i' }),
  row('Einsum', [12], [some(2, 3), some(3), some(3, 4)], { equation: 'ij,j,jk->ik' }),
  row('Einsum', [12, 21], [some(2, 3), some(3, 4), some(4, 2)], { equation: 'ij,jk,kl->il' }),
  row('Einsum', [12], [some(2, 3), some(2, 4), some(5), some(3, 4, 5, 2)], { equation: 'bi,bj,k,ijko->bo' }), // prettier-ignore
  row('Einsum', [12], [some(2, 3), some(2, 4), some(2, 4)], { equation: 'bi,bj,bj' }),
  row('Einsum', [12], [some(2, 3), some(2, 4), some(3)], { equation: 'ai,bj,i->ja' }),
]
