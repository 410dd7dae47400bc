import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginMove,
  beginReshape,
  dragEdit,
  finishEdit,
  gripAt,
  gripsOf,
  nudgeGrip,
} from '../../../../src/renderer/viewer/gestures/editing'
import { bounds } from '../../../../src/shared/geometry/bounds'
import type { Geometry, Point } from '../../../../src/shared/review/region'
import { geometry, point } from '../../../shared/geometry/arbitraries'

const image = { width: 200, height: 200 }
const at = (x: number, y: number): Point => ({ x, y })
const rectangle: Geometry = { kind: 'rectangle', x: 10, y: 20, width: 100, height: 60 }
const triangle: Geometry = { kind: 'polygon', points: [at(0, 0), at(100, 0), at(0, 100)] }

const gripNamed = (shape: Geometry, name: string) => {
  const found = gripsOf(shape, 1).find(
    (grip) => (grip.kind === 'handle' ? grip.handle : `${grip.kind} ${grip.index}`) === name,
  )
  if (!found) throw new Error(`no grip ${name}`)
  return found
}

describe('grips', () => {
  it('are eight on a box, corners only on a small one', () => {
    expect(gripsOf(rectangle, 1)).toHaveLength(8)
    expect(gripsOf(rectangle, 0.3)).toHaveLength(4)
    expect(gripsOf({ kind: 'point', x: 1, y: 1 }, 1)).toEqual([])
  })
  it('are one for each vertex, and one in the middle of each edge long enough', () => {
    const kinds = (scale: number) => gripsOf(triangle, scale).map((grip) => grip.kind)
    expect(kinds(1).filter((kind) => kind === 'vertex')).toHaveLength(3)
    expect(kinds(1).filter((kind) => kind === 'middle')).toHaveLength(3)
    expect(kinds(0.3).filter((kind) => kind === 'middle')).toHaveLength(1)
  })
  it('resize a freehand outline of many vertices as a whole', () => {
    const points = Array.from({ length: 100 }, (_, i) =>
      at(50 + 40 * Math.cos(i / 16), 50 + 40 * Math.sin(i / 16)),
    )
    expect(gripsOf({ kind: 'freehand', points }, 1).every((grip) => grip.kind === 'handle')).toBe(
      true,
    )
  })
  it('are taken within ten pixels of the screen, the nearest first', () => {
    const grips = gripsOf(rectangle, 1)
    expect(gripAt(grips, at(16, 27), 1)).toMatchObject({ handle: 'nw' })
    expect(gripAt(grips, at(30, 40), 1)).toBeNull()
    expect(gripAt(grips, at(16, 27), 2)).toBeNull()
  })
})

describe('moving', () => {
  it('follows the pointer, stops at the image, keeps to an axis with Shift', () => {
    const edit = beginMove(rectangle, at(50, 50))
    expect(dragEdit(edit, at(60, 55), false, image).geometry).toMatchObject({ x: 20, y: 25 })
    expect(dragEdit(edit, at(500, -500), false, image).geometry).toMatchObject({ x: 100, y: 0 })
    expect(dragEdit(edit, at(80, 53), true, image).geometry).toMatchObject({ x: 40, y: 20 })
  })
  it('keeps boxes on whole pixels and outlines on hundredths', () => {
    const box = beginMove(rectangle, at(50, 50))
    expect(dragEdit(box, at(53.4, 50.6), false, image).geometry).toMatchObject({ x: 13, y: 21 })
    const outline = beginMove(triangle, at(0, 0))
    expect(dragEdit(outline, at(1 / 3, 0), false, image).geometry).toMatchObject({
      points: [{ x: 0.33 }, { x: 100.33 }, { x: 0.33 }],
    })
  })
  it('depends on where the pointer is, not on how it came there', () => {
    fc.assert(
      fc.property(geometry, point, fc.array(point), point, (shape, from, way, to) => {
        const edit = beginMove(shape, from)
        const wandered = way.reduce((now, step) => dragEdit(now, step, false, image), edit)
        expect(dragEdit(wandered, to, false, image)).toEqual(dragEdit(edit, to, false, image))
      }),
    )
  })
  it('to where it was is no change', () => {
    const edit = beginMove(triangle, at(5, 5))
    const away = dragEdit(edit, at(9, 9), false, image)
    expect(finishEdit(away)).not.toBeNull()
    expect(finishEdit(dragEdit(away, at(5, 5), false, image))).toBeNull()
  })
})

describe('reshaping', () => {
  it('drags a handle by how far the pointer went', () => {
    const edit = beginReshape(rectangle, gripNamed(rectangle, 'se'), at(108, 77))
    expect(dragEdit(edit, at(118, 87), false, image).geometry).toMatchObject({
      width: 110,
      height: 70,
    })
    expect(dragEdit(edit, at(999, 999), false, image).geometry).toMatchObject({
      width: 190,
      height: 180,
    })
  })
  it('moves a vertex, and makes one from the middle of an edge', () => {
    const vertex = beginReshape(triangle, gripNamed(triangle, 'vertex 1'), at(100, 0))
    expect(dragEdit(vertex, at(120, 30), false, image).geometry).toEqual({
      kind: 'polygon',
      points: [at(0, 0), at(120, 30), at(0, 100)],
    })
    const middle = beginReshape(triangle, gripNamed(triangle, 'middle 3'), at(0, 50))
    expect(dragEdit(middle, at(5, 40), false, image).geometry).toEqual({
      kind: 'polygon',
      points: [at(0, 0), at(100, 0), at(0, 100), at(5, 40)],
    })
  })
  it('to nothing is refused', () => {
    const edit = beginReshape(rectangle, gripNamed(rectangle, 'e'), at(110, 50))
    expect(finishEdit(dragEdit(edit, at(10, 50), false, image))).toBeNull()
  })
  it('stays inside the image, for every grip of every shape inside it', () => {
    fc.assert(
      fc.property(geometry, fc.nat(), point, (shape, pick, to) => {
        const box = bounds(shape)
        fc.pre(box.x >= 0 && box.y >= 0)
        fc.pre(box.x + box.width <= 200 && box.y + box.height <= 200)
        const grips = gripsOf(shape, 1)
        const grip = grips[pick % Math.max(1, grips.length)]
        fc.pre(grip !== undefined)
        if (!grip) return
        const got = bounds(dragEdit(beginReshape(shape, grip, grip.at), to, false, image).geometry)
        expect(Math.min(got.x, got.y)).toBeGreaterThanOrEqual(-1e-9)
        expect(Math.max(got.x + got.width, got.y + got.height)).toBeLessThanOrEqual(200 + 1e-9)
      }),
    )
  })
  it('works by keys as well', () => {
    expect(nudgeGrip(rectangle, gripNamed(rectangle, 'nw'), 1, -10, image)).toEqual({
      kind: 'rectangle',
      x: 11,
      y: 10,
      width: 99,
      height: 70,
    })
  })
})
