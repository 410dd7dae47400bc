import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  stepDrawing,
  type Draft,
  type DrawingTool,
  type DrawInput,
} from '../../../../src/renderer/viewer/gestures/drawing'
import { geometrySchema, type Geometry, type Point } from '../../../../src/shared/review/region'

const context = { image: { width: 200, height: 200 }, scale: 2 }
const at = (x: number, y: number): Point => ({ x, y })

const press = (point: Point, shift = false, double = false): DrawInput => ({
  kind: 'press',
  point,
  shift,
  double,
})
const move = (point: Point, shift = false): DrawInput => ({ kind: 'move', point, shift })
const release = (point: Point, dragged: boolean, shift = false): DrawInput => ({
  kind: 'release',
  point,
  shift,
  dragged,
})
const place = (point: Point): DrawInput => ({ kind: 'place', point })
const click = (point: Point): DrawInput[] => [press(point), release(point, false)]
const finish: DrawInput = { kind: 'finish' }

/** Everything that was finished on the way, and what is left unfinished. */
function run(tool: DrawingTool, inputs: readonly DrawInput[]) {
  let draft: Draft | null = null
  const done: Geometry[] = []
  for (const input of inputs) {
    const step = stepDrawing(tool, draft, input, context)
    draft = step.draft
    if (step.done) done.push(step.done)
  }
  return { draft, done }
}

describe('point', () => {
  it('lies where the pointer is released', () => {
    expect(run('point', [press(at(1, 1)), move(at(5, 5)), release(at(6, 7), true)])).toEqual({
      draft: null,
      done: [{ kind: 'point', x: 6, y: 7 }],
    })
    expect(run('point', [place(at(3, 4))]).done).toEqual([{ kind: 'point', x: 3, y: 4 }])
  })
})

describe('rectangle and ellipse', () => {
  it('are dragged between corners in any direction', () => {
    const { done } = run('rectangle', [
      press(at(50, 40)),
      move(at(20, 30)),
      release(at(10, 20), true),
    ])
    expect(done).toEqual([{ kind: 'rectangle', x: 10, y: 20, width: 40, height: 20 }])
  })
  it('are square with Shift, at the end of the drag', () => {
    const { done } = run('ellipse', [press(at(10, 10)), release(at(40, 20), true, true)])
    expect(done).toEqual([{ kind: 'ellipse', x: 10, y: 10, width: 30, height: 30 }])
  })
  it('take two clicks instead of a drag', () => {
    const once = run('rectangle', click(at(10, 10)))
    expect(once).toMatchObject({ draft: { byClicks: true }, done: [] })
    const { done, draft } = run('rectangle', [
      ...click(at(10, 10)),
      move(at(20, 20)),
      ...click(at(30, 25)),
    ])
    expect(draft).toBeNull()
    expect(done).toEqual([{ kind: 'rectangle', x: 10, y: 10, width: 20, height: 15 }])
  })
  it('have their corners on whole pixels', () => {
    const { done } = run('rectangle', [press(at(10.4, 9.6)), release(at(30.6, 20.2), true)])
    expect(done).toEqual([{ kind: 'rectangle', x: 10, y: 10, width: 21, height: 10 }])
  })
  it('take two places by keyboard', () => {
    const { done } = run('ellipse', [place(at(0, 0)), move(at(8, 2)), place(at(8, 4))])
    expect(done).toEqual([{ kind: 'ellipse', x: 0, y: 0, width: 8, height: 4 }])
  })
  it('thinner than a pixel are not made', () => {
    expect(run('rectangle', [press(at(10, 10)), release(at(90, 10.4), true)])).toEqual({
      draft: null,
      done: [],
    })
  })
})

describe('polygon', () => {
  const corners = [at(0, 0), at(50, 0), at(50, 50)]
  const clicks = corners.flatMap(click)
  const triangle = { kind: 'polygon', points: corners }

  it('closes with Enter', () => {
    expect(run('polygon', [...clicks, finish])).toEqual({ draft: null, done: [triangle] })
  })
  it('closes with a double click, which adds no vertex of its own', () => {
    const double = [
      ...click(at(50, 50)),
      press(at(50.3, 50), false, true),
      release(at(50.3, 50), false),
    ]
    expect(run('polygon', [...clicks.slice(0, 4), ...double]).done).toEqual([triangle])
  })
  it('closes with a click on its first vertex, eight pixels of the screen wide', () => {
    // Scale 2: 8 CSS pixels are 4 image pixels.
    expect(run('polygon', [...clicks, ...click(at(3.9, 0))]).done).toEqual([triangle])
    expect(run('polygon', [...clicks, ...click(at(4.1, 0))]).draft).toMatchObject({
      points: { length: 4 },
    })
  })
  it('closes by keyboard with the same place twice', () => {
    expect(run('polygon', [...corners.map(place), place(at(50, 50))]).done).toEqual([triangle])
  })
  it('does not close with two vertices, nor on a line', () => {
    expect(run('polygon', [...clicks.slice(0, 4), finish])).toMatchObject({
      draft: { points: { length: 2 } },
      done: [],
    })
    const flat = [at(0, 0), at(50, 0), at(90, 0)].flatMap(click)
    expect(run('polygon', [...flat, finish]).done).toEqual([])
  })
  it('takes back vertices one by one, the first one ending it', () => {
    const back: DrawInput = { kind: 'removeLast' }
    expect(run('polygon', [...clicks, back]).draft).toMatchObject({ points: corners.slice(0, 2) })
    expect(run('polygon', [...clicks, back, back, back]).draft).toBeNull()
  })
  it('keeps to the axes with Shift', () => {
    const { draft } = run('polygon', [...click(at(0, 0)), press(at(40, 3), true)])
    expect(draft).toMatchObject({ points: [at(0, 0), at(40, 0)] })
  })
  it('takes an edge drawn as a drag', () => {
    const { draft } = run('polygon', [press(at(0, 0)), move(at(20, 20)), release(at(30, 30), true)])
    expect(draft).toMatchObject({ points: [at(0, 0), at(30, 30)] })
  })
})

describe('freehand', () => {
  const circle = Array.from({ length: 200 }, (_, i) =>
    at(100 + 50 * Math.cos((i / 200) * 2 * Math.PI), 100 + 50 * Math.sin((i / 200) * 2 * Math.PI)),
  )
  const [first = at(0, 0)] = circle

  it('is one stroke, simplified to well under a pixel', () => {
    const { done } = run('freehand', [
      press(first),
      ...circle.map((point) => move(point)),
      release(first, true),
    ])
    const shape = done[0]
    if (shape?.kind !== 'freehand') throw new Error('no freehand region was made')
    expect(shape.points.length).toBeLessThan(60)
    for (const { x, y } of shape.points) expect(Math.hypot(x - 100, y - 100)).toBeCloseTo(50, 6)
  })
  it('is dropped when it has no area', () => {
    expect(run('freehand', [press(at(0, 0)), move(at(40, 0)), release(at(80, 0), true)])).toEqual({
      draft: null,
      done: [],
    })
  })
  it('can be clicked point by point and ended by keyboard', () => {
    const points = [at(0, 0), at(50, 0), at(50, 50)]
    const expected = [{ kind: 'freehand', points }]
    expect(run('freehand', [...points.flatMap(click), finish]).done).toEqual(expected)
    expect(run('freehand', [...points.map(place), place(at(50, 50))]).done).toEqual(expected)
  })
})

it('whatever the input, what is finished is a valid geometry', () => {
  const point = fc.record({
    x: fc.double({ min: 0, max: 200, noNaN: true }),
    y: fc.double({ min: 0, max: 200, noNaN: true }),
  })
  const flag = fc.boolean()
  const input: fc.Arbitrary<DrawInput> = fc.oneof(
    fc.record({ kind: fc.constant('press' as const), point, shift: flag, double: flag }),
    fc.record({ kind: fc.constant('move' as const), point, shift: flag }),
    fc.record({ kind: fc.constant('release' as const), point, shift: flag, dragged: flag }),
    fc.record({ kind: fc.constant('place' as const), point }),
    fc.constant(finish),
    fc.constant({ kind: 'removeLast' as const }),
  )
  const tool = fc.constantFrom<DrawingTool>('point', 'rectangle', 'ellipse', 'polygon', 'freehand')
  fc.assert(
    fc.property(tool, fc.array(input, { maxLength: 40 }), (which, inputs) => {
      for (const geometry of run(which, inputs).done) {
        expect(geometrySchema.safeParse(geometry).success).toBe(true)
        expect(geometry.kind).toBe(which)
      }
    }),
  )
})
