import { describe, expect, test } from 'vitest'
import { baselineOf } from '../../../../src/engine/lrp/methods/baseline'
import { blurred, strongBlur } from '../../../../src/engine/lrp/methods/blur'
import { geometryOf } from '../../../../src/engine/lrp/methods/geometry'
import { noise } from '../support/smallNetwork'
import { channelsLast, expectClose } from './small'

/** Two channels of 1 × 2 pixels. */
const first = geometryOf([2, 1, 2], 'NCHW')
const last = geometryOf([1, 2, 2], 'NHWC')
const sample = Float32Array.of(1, 3, 10, 20)
const sampleLast = Float32Array.of(1, 10, 3, 20)

describe('baselines', () => {
  test('zero, when nothing is said', () => {
    expect([...baselineOf({}, first).of(sample)]).toEqual([0, 0, 0, 0])
  })

  test('mean of this input, channel by channel', () => {
    const mean = { baseline: 'mean' } as const
    expect([...baselineOf(mean, first).of(sample)]).toEqual([2, 2, 15, 15])
    expect([...baselineOf(mean, last).of(sampleLast)]).toEqual([2, 15, 2, 15])
    // Without a picture all numbers are one channel: (1 + 3 + 10 + 20) / 4.
    expect([...baselineOf(mean, null).of(sample)]).toEqual([8.5, 8.5, 8.5, 8.5])
  })

  test('low and high, one number for all or one per channel', () => {
    const low = { baseline: 'low' as const, low: [-1, -2] }
    expect([...baselineOf(low, first).of(sample)]).toEqual([-1, -1, -2, -2])
    expect([...baselineOf(low, last).of(sampleLast)]).toEqual([-1, -2, -1, -2])
    expect([...baselineOf({ baseline: 'high', high: 4 }, first).of(sample)]).toEqual([4, 4, 4, 4])
  })

  test('what is not known is refused', () => {
    expect(() => baselineOf({ baseline: 'low' }, first)).toThrow(/nothing says which that is/)
    expect(() => baselineOf({ baseline: 'high', high: [1, 2, 3] }, first)).toThrow(
      /3 values for 2 channels/,
    )
    expect(() => baselineOf({ baseline: 'blur' }, null)).toThrow(/needs a picture/)
  })
})

describe('blur', () => {
  test('by hand: a row of three, σ = 1', () => {
    // Weights 1, e^−½, e^−2 at distances 0, 1, 2, over those inside the image.
    const row = geometryOf([1, 1, 3], 'NCHW')
    const [w1, w2] = [Math.exp(-0.5), Math.exp(-2)]
    expectClose(row ? blurred(Float32Array.of(1, 0, 0), row, 1) : [], [
      1 / (1 + w1 + w2),
      w1 / (w1 + 1 + w1),
      w2 / (w2 + w1 + 1),
    ])
  })

  test('keeps what is the same everywhere, whatever the size', () => {
    const picture = geometryOf([3, 20, 9], 'NCHW')
    const flat = new Float32Array(3 * 20 * 9).fill(0.7)
    expectClose(picture ? blurred(flat, picture, 2.5) : [], flat)
  })

  test('rows and columns are alike, and channels do not mix', () => {
    const wide = geometryOf([2, 3, 8], 'NCHW')
    const values = noise(1, 48)
    values.fill(0, 24)
    const out = wide ? blurred(values, wide, 1.3) : new Float32Array()
    expect(out.subarray(24).every((value) => value === 0)).toBe(true)
    const tall = geometryOf([2, 8, 3], 'NCHW')
    const turn = (all: Float32Array, height: number, width: number) =>
      all.map((_, at) => {
        const [c, y, x] = [Math.floor(at / 24), Math.floor((at % 24) / height), at % height]
        return all[c * 24 + x * width + y] ?? Number.NaN
      })
    expectClose(tall ? blurred(turn(values, 3, 8), tall, 1.3) : [], turn(out, 3, 8))
  })

  test('channels last', () => {
    const planes = geometryOf([2, 5, 4], 'NCHW')
    const mixed = geometryOf([5, 4, 2], 'NHWC')
    const values = noise(2, 40)
    expectClose(
      mixed ? blurred(channelsLast(values, 2), mixed, 1) : [],
      channelsLast(planes ? blurred(values, planes, 1) : new Float32Array(), 2),
    )
  })

  test('its width is an eighth of the shorter side', () => {
    expect(strongBlur({ width: 64, height: 224 })).toBe(8)
    expect(baselineOf({ baseline: 'blur' }, geometryOf([3, 64, 224], 'NCHW')).words).toContain('8 px') // prettier-ignore
  })
})
