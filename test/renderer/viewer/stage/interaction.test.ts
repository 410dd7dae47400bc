import { describe, expect, it } from 'vitest'
import { toImage } from '../../../../src/renderer/viewer/view/transform'
import type { Geometry } from '../../../../src/shared/review/region'
import { idA, idB, region, stageFor } from './fakes'

const box = (x: number, y: number, width: number, height: number): Geometry => ({
  kind: 'rectangle',
  x,
  y,
  width,
  height,
})
const large = region(idA, box(20, 20, 150, 150))
const small = region(idB, box(60, 60, 20, 20))
const triangle: Geometry = {
  kind: 'polygon',
  points: [
    { x: 50, y: 50 },
    { x: 150, y: 50 },
    { x: 50, y: 150 },
  ],
}

describe('with the select tool', () => {
  it('a drag on empty ground pans and selects nothing', () => {
    const stage = stageFor({})
    stage.drag([300, 300], [340, 290])
    expect(stage.model.view()).toMatchObject({ x: 40, y: -10 })
    expect(stage.calls).toEqual([])
  })

  it('a click takes the smallest region under it, a click beside all lets go', () => {
    const stage = stageFor({ regions: [small, large] })
    stage.click(140, 140)
    expect(stage.calls).toEqual([['select', idB]])
    const selected = stageFor({ regions: [small, large], selectedId: idB })
    selected.click(10, 10)
    expect(selected.calls).toEqual([['select', null]])
  })

  it('a drag inside a region that is not selected pans, so it does not hold the image fast', () => {
    const stage = stageFor({ regions: [large] })
    stage.drag([200, 200], [230, 200])
    expect(stage.model.view().x).toBe(30)
    expect(stage.calls).toEqual([])
  })

  it('a drag of its outline selects and moves it, as one change', () => {
    const stage = stageFor({ regions: [large] })
    stage.drag([40, 200], [60, 220])
    expect(stage.calls).toEqual([
      ['select', idA],
      ['reshape', idA, box(30, 30, 150, 150)],
    ])
  })

  it('a drag inside the selected region moves it by what the pointer went', () => {
    const stage = stageFor({ regions: [large], selectedId: idA })
    stage.drag([200, 200], [240, 180])
    expect(stage.calls).toEqual([['reshape', idA, box(40, 10, 150, 150)]])
  })

  it('a click on the selected region changes nothing', () => {
    const stage = stageFor({ regions: [large], selectedId: idA })
    stage.click(200, 200)
    expect(stage.calls).toEqual([])
  })

  it('a tremble of less than five pixels is a click, not a drag', () => {
    const stage = stageFor({ regions: [large], selectedId: idA })
    stage.drag([200, 200], [203, 203])
    expect(stage.calls).toEqual([])
    expect(stage.model.view().x).toBe(0)
  })

  it('a corner resizes, a vertex moves, a middle makes a vertex, Alt removes one', () => {
    const corner = stageFor({ regions: [large], selectedId: idA })
    corner.drag([340, 340], [360, 380])
    expect(corner.calls).toEqual([['reshape', idA, box(20, 20, 160, 170)]])

    const shape = region(idA, triangle)
    const vertex = stageFor({ regions: [shape], selectedId: idA })
    vertex.drag([300, 100], [320, 120])
    expect(vertex.calls[0]?.[2]).toMatchObject({ points: { 1: { x: 160, y: 60 }, length: 3 } })

    const middle = stageFor({ regions: [shape], selectedId: idA })
    middle.drag([200, 100], [200, 40])
    expect(middle.calls[0]?.[2]).toMatchObject({ points: { 1: { x: 100, y: 20 }, length: 4 } })

    const four = region(idA, { ...triangle, points: [...triangle.points, { x: 20, y: 20 }] })
    const removed = stageFor({ regions: [four], selectedId: idA })
    removed.click(40, 40, { alt: true })
    expect(removed.calls).toEqual([['reshape', idA, triangle]])
  })

  it('Delete removes the vertex clicked last, and only then leaves the key to the region', () => {
    const four = region(idA, { ...triangle, points: [...triangle.points, { x: 20, y: 20 }] })
    const stage = stageFor({ regions: [four], selectedId: idA })
    expect(stage.interaction.removeVertex()).toBe(false)
    stage.click(40, 40)
    expect(stage.interaction.removeVertex()).toBe(true)
    expect(stage.calls).toEqual([['reshape', idA, triangle]])
    expect(stage.interaction.removeVertex()).toBe(false)
  })

  it('hidden regions are not in the way', () => {
    const stage = stageFor({ regions: [large], selectedId: idA })
    Object.assign(stage.props, { regionsVisible: false })
    stage.drag([200, 200], [240, 200])
    expect(stage.calls).toEqual([])
    expect(stage.model.view().x).toBe(40)
  })
})

describe('whatever the tool', () => {
  it('the middle button pans, and so does Space with the left one', () => {
    const stage = stageFor({ tool: 'rectangle' })
    stage.drag([100, 100], [120, 100], { button: 1 })
    expect(stage.model.view().x).toBe(20)
    stage.interaction.holdSpace(true)
    stage.drag([100, 100], [120, 100])
    expect(stage.model.view().x).toBe(40)
    expect(stage.calls).toEqual([])
    stage.interaction.holdSpace(false)
    stage.drag([100, 100], [160, 160])
    expect(stage.calls).toHaveLength(1)
  })

  it('the right button draws nothing', () => {
    const stage = stageFor({ tool: 'point' })
    stage.click(100, 100, { button: 2 })
    expect(stage.calls).toEqual([])
  })

  it('Escape drops what is in hand', () => {
    const stage = stageFor({ tool: 'rectangle' })
    stage.interaction.press(stage.input(100, 100))
    stage.interaction.move(stage.input(200, 200))
    expect(stage.interaction.cancel()).toBe(true)
    stage.interaction.release(stage.input(200, 200))
    expect(stage.calls).toEqual([])
    expect(stage.interaction.cancel()).toBe(false)

    const moving = stageFor({ regions: [large], selectedId: idA })
    moving.interaction.press(moving.input(200, 200))
    moving.interaction.move(moving.input(250, 250))
    moving.interaction.cancel()
    moving.interaction.release(moving.input(250, 250))
    expect(moving.calls).toEqual([])
  })
})

describe('drawing', () => {
  it('gives image pixels, inside the image even where the pointer is not', () => {
    const stage = stageFor({ tool: 'rectangle' })
    stage.drag([100, 100], [900, 300])
    expect(stage.calls).toEqual([['add', box(50, 50, 150, 100)]])
  })

  it('shows what was drawn until it comes back in the props', () => {
    const stage = stageFor({ tool: 'point' })
    stage.click(100, 60)
    const geometry = { kind: 'point', x: 50, y: 30 }
    expect(stage.calls).toEqual([['add', geometry]])
    expect(stage.interaction.state().pending).toEqual({ id: null, geometry })
  })

  it('picks a tile by a click inside the image, not by a drag nor beside it', () => {
    const stage = stageFor({ tool: 'tile' })
    stage.click(100, 60)
    stage.drag([100, 60], [150, 60])
    stage.model.panBy(100, 0)
    stage.click(50, 60)
    expect(stage.calls).toEqual([['tile', { x: 50, y: 30 }]])
  })
})

describe('nudging', () => {
  it('moves the selected region, the second step from where the first one led', () => {
    const stage = stageFor({ regions: [large], selectedId: idA })
    expect(stage.interaction.nudge(1, 0)).toBe(true)
    expect(stage.interaction.nudge(10, 0)).toBe(true)
    // 150 wide in 200: the image ends 30 from where the region was.
    expect(stage.interaction.nudge(100, 0)).toBe(true)
    expect(stage.calls).toEqual([
      ['reshape', idA, box(21, 20, 150, 150)],
      ['reshape', idA, box(31, 20, 150, 150)],
      ['reshape', idA, box(50, 20, 150, 150)],
    ])
    expect(stageFor({}).interaction.nudge(1, 0)).toBe(false)
  })
})

it('the cursor says what a press would do', () => {
  const stage = stageFor({ regions: [large], selectedId: idA })
  const cursorAt = (x: number, y: number) => {
    stage.interaction.move(stage.input(x, y))
    return stage.interaction.cursor()
  }
  expect(cursorAt(10, 10)).toBe('grab')
  expect(cursorAt(200, 200)).toBe('move')
  expect(cursorAt(340, 340)).toBe('se-resize')
  Object.assign(stage.props, { tool: 'ellipse' })
  expect(cursorAt(200, 200)).toBe('crosshair')
})

it('zooming while a region is dragged keeps the pointer on the same place of the region', () => {
  const stage = stageFor({ regions: [large], selectedId: idA })
  stage.interaction.press(stage.input(200, 200))
  stage.interaction.move(stage.input(240, 200))
  stage.model.zoomAt({ x: 240, y: 200 }, 2, false)
  stage.interaction.move(stage.input(240, 200))
  stage.interaction.release(stage.input(240, 200))
  expect(toImage(stage.model.view(), { x: 240, y: 200 }).x).toBeCloseTo(120, 9)
  expect(stage.calls).toEqual([['reshape', idA, box(40, 20, 150, 150)]])
})

describe('the tile tool', () => {
  const over = { button: 0, shift: false, alt: false, double: false }

  it('aims where the pointer is on the image, and nowhere else', () => {
    const { interaction } = stageFor({ tool: 'tile' })
    expect(interaction.aim()).toBeNull()
    interaction.move({ ...over, at: { x: 100, y: 50 } })
    expect(interaction.aim()).toEqual({ x: 50, y: 25 })
    interaction.leave()
    expect(interaction.aim()).toBeNull()
  })

  it('alone aims', () => {
    const { interaction } = stageFor({ tool: 'select' })
    interaction.move({ ...over, at: { x: 100, y: 50 } })
    expect(interaction.aim()).toBeNull()
  })
})
