import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visiblePart } from '../../../../src/renderer/viewer/paint/base'
import { tagText } from '../../../../src/renderer/viewer/paint/labels'

const stage = { width: 400, height: 300 }

describe('the part of a layer that is drawn', () => {
  it('is all of it when all of it is seen', () => {
    const layer = {
      size: { width: 50, height: 40 },
      region: { x: 10, y: 20, width: 100, height: 80 },
    }
    // Two image pixels a cell, scale 2: four CSS pixels a cell.
    expect(visiblePart(layer, { scale: 2, x: 5, y: 0 }, stage)).toEqual({
      from: { x: 0, y: 0, width: 50, height: 40 },
      to: { x: 25, y: 40, width: 200, height: 160 },
    })
  })

  it('is whole pixels and one more on each side', () => {
    const layer = {
      size: { width: 30_000, height: 30_000 },
      region: { x: 0, y: 0, width: 30_000, height: 30_000 },
    }
    expect(visiblePart(layer, { scale: 1, x: -1000.5, y: -2000 }, stage)).toEqual({
      from: { x: 999, y: 1999, width: 403, height: 302 },
      to: { x: -1.5, y: -1, width: 403, height: 302 },
    })
  })

  it('is nothing when it lies beside the stage', () => {
    const layer = { size: { width: 10, height: 10 }, region: { x: 0, y: 0, width: 10, height: 10 } }
    expect(visiblePart(layer, { scale: 1, x: 500, y: 0 }, stage)).toBeNull()
    expect(visiblePart(layer, { scale: 1, x: 0, y: -50 }, stage)).toBeNull()
  })

  it('puts every source pixel where the view puts it', () => {
    const number = fc.double({ min: -300, max: 300, noNaN: true })
    fc.assert(
      fc.property(number, number, fc.double({ min: 0.1, max: 30, noNaN: true }), (x, y, scale) => {
        const layer = {
          size: { width: 64, height: 32 },
          region: { x: 8, y: 8, width: 128, height: 64 },
        }
        const part = visiblePart(layer, { scale, x, y }, stage)
        if (!part) return
        const { from, to } = part
        expect(to.x).toBeCloseTo((8 + from.x * 2) * scale + x, 6)
        expect(to.width).toBeCloseTo(from.width * 2 * scale, 6)
        expect(from.x + from.width).toBeLessThanOrEqual(64)
      }),
    )
  })
})

it('tags have the number always, the label where there is room', () => {
  expect(tagText(3, 'Gland', 80)).toBe('3  Gland')
  expect(tagText(3, 'Gland', 20)).toBe('3')
  expect(tagText(3, '  ', 80)).toBe('3')
  expect(tagText(1, 'a'.repeat(60), 80)).toBe(`1  ${'a'.repeat(27)}…`)
})
