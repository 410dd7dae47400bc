import { describe, expect, it } from 'vitest'
import { createViewModel } from '../../../../src/renderer/viewer/stage/viewModel'
import { fitView, toImage } from '../../../../src/renderer/viewer/view/transform'

const image = { width: 300, height: 200 }
const stage = { width: 800, height: 600 }

function started() {
  let changes = 0
  const model = createViewModel(() => {
    changes += 1
  })
  model.setImage(image, null)
  model.setStage(stage)
  return { model, changes: () => changes }
}

describe('the view model', () => {
  it('fits an image when stage and image are there, in either order', () => {
    expect(started().model.view()).toMatchObject(fitView(image, stage))
    const other = createViewModel(() => undefined)
    other.setStage(stage)
    other.setImage(image, null)
    expect(other.view()).toMatchObject(fitView(image, stage))
  })

  it('takes up a view it is given back, also before the stage has a size', () => {
    const left = { scale: 3, x: -20, y: -30 }
    const model = createViewModel(() => undefined)
    model.setImage(image, left)
    model.setStage(stage)
    expect(model.view()).toMatchObject(left)
  })

  it('fits again when the stage changes, until somebody moves it', () => {
    const { model } = started()
    const wider = { width: 1000, height: 700 }
    model.setStage(wider)
    expect(model.view()).toMatchObject(fitView(image, wider))
    model.scaleTo(4)
    const middle = toImage(model.view(), { x: 500, y: 350 })
    model.setStage(stage)
    expect(model.view().scale).toBe(4)
    expect(toImage(model.view(), { x: 400, y: 300 }).x).toBeCloseTo(middle.x, 9)
  })

  it('arrives exactly where a smooth zoom leads, the cursor fixed on the way', () => {
    const { model } = started()
    const cursor = { x: 300, y: 250 }
    const from = model.view().scale
    const fixed = toImage(model.view(), cursor)
    model.zoomAt(cursor, 1.2, true)
    model.zoomAt(cursor, 1.2, true)
    let frames = 0
    while (model.step(16) && frames < 200) {
      frames += 1
      expect(toImage(model.view(), cursor).x).toBeCloseTo(fixed.x, 6)
    }
    expect(frames).toBeGreaterThan(2)
    expect(frames).toBeLessThan(60)
    expect(model.view().scale).toBeCloseTo(from * 1.44, 12)
    expect(model.step(16)).toBe(false)
  })

  it('announces nothing when nothing changes', () => {
    const { model, changes } = started()
    const before = changes()
    model.panBy(0, 0)
    model.fit()
    model.setStage({ ...stage })
    expect(changes()).toBe(before)
  })

  it('says what is visible', () => {
    const { model } = started()
    model.scaleTo(2)
    model.centreAt({ x: 150, y: 100 })
    expect(model.view().visible).toEqual({ x: -50, y: -50, width: 400, height: 300 })
  })
})
