import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  centreOnBox,
  clampScale,
  fitView,
  keepInSight,
  maxScale,
  minScale,
  recentre,
  toImage,
  toView,
  visibleBox,
  zoomTo,
} from '../../../../src/renderer/viewer/view/transform'
import { isNotch, wheelFactor } from '../../../../src/renderer/viewer/view/wheel'

const offset = fc.double({ min: -5000, max: 5000, noNaN: true })
const scale = fc.double({ min: 0.01, max: 64, noNaN: true })
const point = fc.record({ x: offset, y: offset })
const view = fc.record({ scale, x: offset, y: offset })
const side = fc.integer({ min: 1, max: 4000 })
const size = fc.record({ width: side, height: side })

describe('the view', () => {
  it('goes to the stage and back', () => {
    fc.assert(
      fc.property(view, point, (at, there) => {
        const back = toImage(at, toView(at, there))
        expect(back.x).toBeCloseTo(there.x, 6)
        expect(back.y).toBeCloseTo(there.y, 6)
      }),
    )
  })

  it('keeps the image point under the cursor where it is while zooming', () => {
    fc.assert(
      fc.property(view, point, scale, (before, cursor, to) => {
        const fixed = toImage(before, cursor)
        const after = toView(zoomTo(before, cursor, to), fixed)
        // Offsets grow with the ratio of the scales, and so does rounding.
        const rounding = 1e-9 * (1 + (to / before.scale) * 1e4)
        expect(Math.abs(after.x - cursor.x)).toBeLessThanOrEqual(rounding)
        expect(Math.abs(after.y - cursor.y)).toBeLessThanOrEqual(rounding)
      }),
    )
  })

  it('shows the whole image when fitted', () => {
    fc.assert(
      fc.property(size, size, (image, stage) => {
        const fitted = fitView(image, stage)
        const from = toView(fitted, { x: 0, y: 0 })
        const to = toView(fitted, { x: image.width, y: image.height })
        expect(fitted.scale).toBeLessThanOrEqual(maxScale)
        expect(from.x).toBeGreaterThanOrEqual(-1e-6)
        expect(from.y).toBeGreaterThanOrEqual(-1e-6)
        expect(to.x).toBeLessThanOrEqual(stage.width + 1e-6)
        expect(to.y).toBeLessThanOrEqual(stage.height + 1e-6)
      }),
    )
  })

  it('leaves room for the chips above and below', () => {
    // 512 into 884×830: 830 − 60 − 112 = 658 high.
    const fitted = fitView({ width: 512, height: 512 }, { width: 884, height: 830 })
    expect(fitted.scale).toBeCloseTo(658 / 512, 10)
    expect(fitted.y).toBeCloseTo(60, 10)
    expect(fitted.x).toBeCloseTo((884 - 658) / 2, 10)
  })

  it('never loses the image: a strip of it stays on the stage', () => {
    fc.assert(
      fc.property(view, size, size, (at, image, stage) => {
        const kept = keepInSight(at, image, stage)
        const right = kept.x + image.width * kept.scale
        const strip = Math.min(64, image.width * kept.scale, stage.width / 2)
        expect(right).toBeGreaterThanOrEqual(strip - 1e-6)
        expect(kept.x).toBeLessThanOrEqual(stage.width - strip + 1e-6)
        const again = keepInSight(kept, image, stage)
        expect(again.x).toBeCloseTo(kept.x, 6)
        expect(again.y).toBeCloseTo(kept.y, 6)
      }),
    )
  })

  it('bounds the scale, fitted and 1:1 always being within', () => {
    fc.assert(
      fc.property(size, size, (image, stage) => {
        const fitted = fitView(image, stage).scale
        expect(clampScale(fitted, image, stage)).toBe(fitted)
        expect(clampScale(1, image, stage)).toBe(1)
        expect(clampScale(1e9, image, stage)).toBe(maxScale)
        expect(clampScale(1e-9, image, stage)).toBe(minScale(image, stage))
      }),
    )
  })

  it('brings a box into the middle, whole', () => {
    const image = { width: 1000, height: 1000 }
    const stage = { width: 400, height: 200 }
    const box = { x: 500, y: 600, width: 100, height: 100 }
    const centred = centreOnBox({ scale: 10, x: 0, y: 0 }, box, image, stage)
    expect(centred.scale).toBeCloseTo(1.6, 10)
    expect(toImage(centred, { x: 200, y: 100 }).x).toBeCloseTo(550, 6)
    const seen = visibleBox(centred, stage)
    expect(seen.y).toBeLessThan(600)
    expect(seen.y + seen.height).toBeGreaterThan(700)
    // At a zoom that shows it well the zoom stays.
    expect(centreOnBox({ scale: 1, x: 0, y: 0 }, box, image, stage).scale).toBe(1)
  })

  it('keeps the middle in the middle when the stage changes its size', () => {
    const before = { scale: 2, x: -30, y: 10 }
    const after = recentre(before, { width: 400, height: 300 }, { width: 500, height: 200 })
    expect(toImage(after, { x: 250, y: 100 })).toEqual(toImage(before, { x: 200, y: 150 }))
  })
})

describe('the wheel', () => {
  it('zooms ×1.2 a notch, and back', () => {
    const notch = { deltaMode: 0, ctrlKey: false }
    expect(wheelFactor({ ...notch, deltaY: -100 })).toBeCloseTo(1.2, 12)
    expect(wheelFactor({ ...notch, deltaY: 100 })).toBeCloseTo(1 / 1.2, 12)
    expect(isNotch({ ...notch, deltaY: 100 })).toBe(true)
  })
  it('takes a pinch by its own measure, and never leaps', () => {
    expect(wheelFactor({ deltaY: -10, deltaMode: 0, ctrlKey: true })).toBeCloseTo(Math.exp(0.1), 12)
    expect(wheelFactor({ deltaY: -1e6, deltaMode: 0, ctrlKey: false })).toBe(4)
    expect(isNotch({ deltaY: 3, deltaMode: 0, ctrlKey: true })).toBe(false)
  })
})
