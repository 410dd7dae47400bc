import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalisationText } from '../../../../src/renderer/viewer/Legend'
import { scaleBar, zoomText } from '../../../../src/renderer/viewer/chips/scaleBar'

describe('the scale bar', () => {
  it('is in image pixels when the pixel size is not known', () => {
    // 120 / 1.28 = 93.75 → 50 px, 64 wide.
    expect(scaleBar(1.28, null)).toEqual({ width: 64, text: '50\u00a0px' })
    expect(scaleBar(0.01, null).text).toBe('10,000\u00a0px')
    expect(scaleBar(64, null)).toEqual({ width: 64, text: '1\u00a0px' })
  })
  it('is in micrometres when it is, or what suits the length', () => {
    expect(scaleBar(1, 0.25)).toEqual({ width: 80, text: '20\u00a0µm' })
    expect(scaleBar(0.01, 0.25).text).toBe('2\u00a0mm')
    expect(scaleBar(0.001, 0.25).text).toBe('2\u00a0cm')
    expect(scaleBar(64, 0.25).text).toBe('200\u00a0nm')
  })
  it('is of a good length at every zoom', () => {
    const scale = fc.double({ min: 0.001, max: 60, noNaN: true })
    fc.assert(
      fc.property(scale, fc.double({ min: 0.05, max: 50, noNaN: true }), (at, microns) => {
        const { width } = scaleBar(at, microns)
        expect(width).toBeGreaterThan(47)
        expect(width).toBeLessThanOrEqual(120 + 1e-9)
      }),
    )
  })
})

it('writes the zoom in per cent', () => {
  expect(zoomText(1.28)).toBe('128\u00a0%')
  expect(zoomText(0.034)).toBe('3.4\u00a0%')
})

it('says how the ends of the legend were found', () => {
  expect(normalisationText({ normalisation: 'max', clipped: 0 })).toContain('nothing clipped')
  expect(normalisationText({ normalisation: 'percentile', clipped: 0.004 })).toBe(
    'Ends: 99.5th percentile, 0.4\u00a0% clipped',
  )
})
