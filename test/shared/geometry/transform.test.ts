import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bounds } from '../../../src/shared/geometry/bounds'
import {
  constrainToAxis,
  constrainToSquare,
  deleteVertex,
  dragHandle,
  handlePosition,
  handles,
  insertVertex,
  isDegenerate,
  moveVertex,
  nearestEdge,
  resizeTo,
  translate,
  translateWithin,
} from '../../../src/shared/geometry/transform'
import type { Geometry } from '../../../src/shared/review/region'
import { geometry, point } from './arbitraries'

const box = { x: 10, y: 20, width: 30, height: 40 }
const square: Geometry = {
  kind: 'polygon',
  points: [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ],
}

describe('moving', () => {
  it('and moving back gives the same geometry', () => {
    fc.assert(
      fc.property(geometry, point, (shape, by) => {
        expect(translate(translate(shape, by.x, by.y), -by.x, -by.y)).toEqual(shape)
      }),
    )
  })
  it('stops at the image', () => {
    const shape: Geometry = { kind: 'rectangle', ...box }
    const image = { width: 100, height: 100 }
    expect(translateWithin(shape, -50, 500, image)).toMatchObject({ x: 0, y: 60 })
    expect(translateWithin(shape, 5, -5, image)).toMatchObject({ x: 15, y: 15 })
  })
  it('does not push what already hangs over the border farther out, nor jump back', () => {
    const shape: Geometry = { kind: 'rectangle', x: -5, y: 0, width: 10, height: 10 }
    const image = { width: 100, height: 100 }
    expect(translateWithin(shape, -3, 0, image)).toMatchObject({ x: -5 })
    expect(translateWithin(shape, 3, 0, image)).toMatchObject({ x: -2 })
  })
})

describe('resizing', () => {
  it('fills the new box', () => {
    fc.assert(
      fc.property(geometry, (shape) => {
        fc.pre(bounds(shape).width > 0 && bounds(shape).height > 0)
        const got = bounds(resizeTo(shape, box))
        for (const side of ['x', 'y', 'width', 'height'] as const) {
          expect(got[side]).toBeCloseTo(box[side], 6)
        }
      }),
    )
  })
  it('puts the dragged handle where the pointer is and leaves the opposite one', () => {
    expect(dragHandle(box, 'se', { x: 100, y: 90 })).toEqual({
      x: 10,
      y: 20,
      width: 90,
      height: 70,
    })
    expect(dragHandle(box, 'n', { x: 999, y: 30 })).toEqual({ x: 10, y: 30, width: 30, height: 30 })
    fc.assert(
      fc.property(fc.constantFrom(...handles), point, (handle, to) => {
        const opposite = { n: 's', s: 'n', e: 'w', w: 'e' } as const
        const other = [...handle].map((side) => opposite[side as 'n']).join('') as 'n'
        const fixed = handlePosition(box, other)
        const got = dragHandle(box, handle, to)
        expect(got.width >= 0 && got.height >= 0).toBe(true)
        const corners = [got.x, got.x + got.width]
        if (/[ew]/.test(handle)) {
          expect(corners).toContain(fixed.x)
          expect(corners).toContain(to.x)
        }
      }),
    )
  })
  it('turns the box over when dragged beyond the opposite side', () => {
    expect(dragHandle(box, 'e', { x: 0, y: 0 })).toEqual({ x: 0, y: 20, width: 10, height: 40 })
  })
  it('keeps the ratio on Shift', () => {
    // 3:4; the pointer reaches 60 right and 40 down of the fixed corner: 60 × 80.
    expect(dragHandle(box, 'se', { x: 70, y: 60 }, true)).toEqual({ ...box, width: 60, height: 80 })
  })
})

describe('Shift', () => {
  const from = { x: 10, y: 10 }
  it('makes a square that reaches as far as the longer side', () => {
    expect(constrainToSquare(from, { x: 14, y: 3 })).toEqual({ x: 17, y: 3 })
  })
  it('keeps a line on the axes and the diagonals', () => {
    expect(constrainToAxis(from, { x: 30, y: 12 })).toEqual({ x: 30, y: 10 })
    expect(constrainToAxis(from, { x: 11, y: -30 })).toEqual({ x: 10, y: -30 })
    expect(constrainToAxis(from, { x: 20, y: 4 })).toEqual({ x: 18, y: 2 })
  })
})

describe('vertices', () => {
  it('are moved, inserted and deleted', () => {
    expect(moveVertex(square, 1, { x: 12, y: -2 })).toMatchObject({
      points: [{ x: 0 }, { x: 12, y: -2 }, { x: 10 }, { x: 0 }],
    })
    const more = insertVertex(square, 2, { x: 11, y: 5 })
    expect(more).toMatchObject({ points: { 2: { x: 11, y: 5 }, 3: { x: 10, y: 10 } } })
    expect(deleteVertex(more, 2)).toEqual(square)
  })
  it('number at least three', () => {
    const triangle = deleteVertex(square, 0)
    expect(deleteVertex(triangle, 0)).toBe(triangle)
  })
  it('go onto the nearest edge, also the closing one', () => {
    expect(nearestEdge(square.points, { x: -1, y: 5 })).toEqual({
      index: 4,
      at: { x: 0, y: 5 },
      distance: 1,
    })
  })
})

it('calls a shape thinner than a pixel degenerate, but never a point', () => {
  expect(isDegenerate({ kind: 'rectangle', x: 0, y: 0, width: 0.5, height: 90 })).toBe(true)
  expect(isDegenerate({ kind: 'rectangle', x: 0, y: 0, width: 1, height: 1 })).toBe(false)
  expect(isDegenerate({ kind: 'point', x: 0, y: 0 })).toBe(false)
})
