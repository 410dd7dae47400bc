import { describe, expect, it } from 'vitest'
import { modelCardSchema, tileStride } from '../../src/shared/card'

const card = (size: number, more: object = {}) =>
  modelCardSchema.parse({
    name: 'c',
    version: '1',
    labels: ['a'],
    input: {
      name: 'x',
      width: size,
      height: size + 10,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    output: { name: 'y', kind: 'logits' },
    fit: 'tile',
    ...more,
  })

describe('the distance between tiles', () => {
  it.each([
    [64, 21], // 21.3
    [102, 33], // 34, one less to be odd
    [96, 31], // 32, likewise
    [3, 1],
    [1, 1],
  ])('a tile of %d px: every %d px', (size, stride) => {
    expect(tileStride(card(size))).toBe(stride)
  })

  it('is what the card says, where it says', () => {
    expect(tileStride(card(64, { stride: 40 }))).toBe(40)
  })
})

describe('a card', () => {
  it('needs one mean and std per channel, and no std of 0', () => {
    const { input } = card(64)
    expect(() => card(64, { input: { ...input, mean: [0] } })).toThrow('per channel')
    expect(() => card(64, { input: { ...input, std: [1, 0, 1] } })).toThrow('std')
    expect(() => card(64, { input: { ...input, channels: 'GRAY' } })).toThrow('per channel')
  })
})
