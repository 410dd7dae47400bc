import { describe, expect, it } from 'vitest'
import { stageKey } from '../../../../src/renderer/viewer/stage/keys'
import { idA, region, stageFor } from './fakes'

type Stage = ReturnType<typeof stageFor>
const press = (stage: Stage, key: string, more: object = {}) =>
  stageKey(
    { key, shift: false, alt: false, command: false, ...more },
    stage.props,
    stage.interaction,
    stage.model,
  )

describe('drawing by keyboard', () => {
  it('a rectangle: arrows to a corner, Enter, arrows, Enter', () => {
    const stage = stageFor({ tool: 'rectangle' })
    // The first arrow shows the crosshair in the middle, (100, 100); at scale 2 a step is 4.
    for (const key of ['ArrowLeft', 'Enter', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'Enter']) {
      expect(press(stage, key)).toBe(true)
    }
    expect(stage.calls).toEqual([
      ['add', { kind: 'rectangle', x: 100, y: 100, width: 8, height: 4 }],
    ])
  })

  it('a polygon, closed by Enter at the same place', () => {
    const stage = stageFor({ tool: 'polygon' })
    for (const key of ['ArrowUp', 'Enter', 'ArrowRight', 'Enter', 'ArrowDown', 'Enter', 'Enter']) {
      press(stage, key)
    }
    expect(stage.calls).toEqual([
      [
        'add',
        {
          kind: 'polygon',
          points: [
            { x: 100, y: 100 },
            { x: 104, y: 100 },
            { x: 104, y: 104 },
          ],
        },
      ],
    ])
  })

  it('a tile', () => {
    const stage = stageFor({ tool: 'tile' })
    press(stage, 'ArrowDown')
    press(stage, 'Enter')
    expect(stage.calls).toEqual([['tile', { x: 100, y: 100 }]])
  })

  it('the crosshair takes the view along when it leaves the stage', () => {
    const stage = stageFor({ tool: 'point' })
    stage.model.zoomAt({ x: 200, y: 200 }, 4, false)
    press(stage, 'ArrowRight')
    const before = stage.model.view().x
    for (let step = 0; step < 6; step++) press(stage, 'ArrowRight', { shift: true })
    expect(stage.model.view().x).toBeLessThan(before)
  })
})

describe('keys that belong to the action registry', () => {
  it('are left alone: panning, deleting, confirming, and all with Control', () => {
    const stage = stageFor({})
    for (const key of ['ArrowLeft', 'Enter', 'Delete', 'Backspace', 'Escape', 'v']) {
      expect([key, press(stage, key)]).toEqual([key, false])
    }
    const drawing = stageFor({ tool: 'rectangle' })
    expect(press(drawing, 'Enter')).toBe(false)
    expect(press(drawing, 'ArrowLeft', { command: true })).toBe(false)
  })
  it('are taken only while there is something to end', () => {
    const stage = stageFor({ tool: 'rectangle' })
    press(stage, 'ArrowLeft')
    expect(press(stage, 'Escape')).toBe(true)
    expect(press(stage, 'Escape')).toBe(false)
  })
})

it('square brackets choose a corner of the selected region, arrows move it', () => {
  const box = region(idA, { kind: 'rectangle', x: 20, y: 20, width: 100, height: 80 })
  const stage = stageFor({ regions: [box], selectedId: idA })
  expect(press(stage, ']')).toBe(true)
  expect(press(stage, 'ArrowRight')).toBe(true)
  expect(press(stage, 'ArrowUp', { shift: true })).toBe(true)
  expect(stage.calls).toEqual([
    ['reshape', idA, { kind: 'rectangle', x: 21, y: 20, width: 99, height: 80 }],
    ['reshape', idA, { kind: 'rectangle', x: 21, y: 10, width: 99, height: 90 }],
  ])
  // Alt and the arrows move the whole region: the registry's.
  expect(press(stage, 'ArrowUp', { alt: true })).toBe(false)
})
