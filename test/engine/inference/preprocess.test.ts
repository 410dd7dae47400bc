import { describe, expect, it } from 'vitest'
import { decodePng } from '../../../src/engine/images/png'
import {
  describePreprocessing,
  inputBounds,
  inputShape,
  preprocess,
} from '../../../src/engine/inference/preprocess'
import { makeCard } from '../support/cards'
import { fixture } from '../support/paths'

// Two pixels: (10, 20, 30) and (40, 50, 60).
const image = { width: 2, height: 1, rgb: Uint8Array.of(10, 20, 30, 40, 50, 60) }
const plain = { width: 2, height: 1, scale: 1, mean: [1, 2, 3], std: [1, 2, 4] } as const

function inputOf(change: Parameters<typeof makeCard>[1]): number[] {
  const { input } = makeCard({}, { ...plain, mean: [1, 2, 3], std: [1, 2, 4], ...change })
  const out = new Float32Array(inputShape(input).reduce((a, b) => a * b, 1))
  preprocess(image, input, out)
  return Array.from(out)
}

describe('preprocess', () => {
  it('computes (value · scale − mean) / std per channel, channels first', () => {
    // red (10−1)/1, (40−1)/1; green (20−2)/2, (50−2)/2; blue (30−3)/4, (60−3)/4
    expect(inputOf({})).toEqual([9, 39, 9, 24, 6.75, 14.25])
  })

  it('puts channels last where the card says so', () => {
    expect(inputOf({ layout: 'NHWC' })).toEqual([9, 9, 6.75, 39, 24, 14.25])
  })

  it('takes mean and std in the order of the card’s channels', () => {
    // blue (30−1)/1, (60−1)/1; green as before; red (10−3)/4, (40−3)/4
    expect(inputOf({ channels: 'BGR' })).toEqual([29, 59, 9, 24, 1.75, 9.25])
  })

  it('makes grey as Pillow does, to the bit', () => {
    const colour = decodePng(fixture('coffee-48.png'), 'x')
    const grey = decodePng(fixture('coffee-48.luma.png'), 'x')
    const { input } = makeCard(
      {},
      { width: 48, height: 32, channels: 'GRAY', scale: 1, mean: [0], std: [1] },
    )
    const out = new Float32Array(48 * 32)
    preprocess(colour, input, out)
    expect(Array.from(out)).toEqual(Array.from(out, (_, i) => grey.rgb[i * 3]))
  })

  it('refuses an image of another size', () => {
    const { input } = makeCard()
    expect(() => preprocess(image, input, new Float32Array(48))).toThrow(/2×1/)
  })
})

describe('inputBounds', () => {
  it('is what black and white become, the lower first', () => {
    const { input } = makeCard({}, { mean: [0.5, 0, 0.5], std: [0.5, 1, -0.25] })
    const { low, high } = inputBounds(input)
    // (0−0.5)/0.5, (0−0)/1, and for the negative std (1−0.5)/−0.25
    expect(low).toEqual([-1, 0, -2])
    expect(high).toEqual([1, 1, 2])
  })
})

describe('describePreprocessing', () => {
  it('says every number that decides the input', () => {
    const text = describePreprocessing(makeCard({}, { channels: 'BGR' }).input)
    expect(text).toContain('0.00392157')
    expect(text).toContain('mean 0.5, 0.4, 0.3; std 0.1, 0.2, 0.5')
    expect(text).toContain('BGR NCHW, 4×4 px')
  })
})
