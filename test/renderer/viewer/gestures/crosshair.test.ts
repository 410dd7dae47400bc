import { expect, it } from 'vitest'
import {
  arrowDirection,
  crosshairStart,
  moveCrosshair,
} from '../../../../src/renderer/viewer/gestures/crosshair'

const image = { width: 100, height: 100 }
const right = { x: 1, y: 0 }

it('starts in the middle of what is seen, on a whole pixel inside the image', () => {
  expect(crosshairStart({ x: 10, y: 20, width: 31, height: 30 }, image)).toEqual({ x: 26, y: 35 })
  expect(crosshairStart({ x: -500, y: 0, width: 10, height: 10 }, image)).toEqual({ x: 0, y: 5 })
})

it('goes 8 pixels of the screen, 64 with Shift, one of the image with Alt', () => {
  const from = { x: 10, y: 10 }
  const go = (shift: boolean, alt: boolean, scale: number) =>
    moveCrosshair(from, right, { shift, alt }, scale, image).x
  expect(go(false, false, 2)).toBe(14)
  expect(go(true, false, 2)).toBe(42)
  expect(go(false, true, 0.25)).toBe(11)
  // Never less than one image pixel, never out of the image.
  expect(go(false, false, 32)).toBe(11)
  expect(go(true, false, 0.25)).toBe(100)
})

it('knows the arrow keys and no others', () => {
  expect(arrowDirection('ArrowUp')).toEqual({ x: 0, y: -1 })
  expect(arrowDirection('a')).toBeNull()
})
