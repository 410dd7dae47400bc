import { clampPoint } from '../../../shared/geometry/bounds'
import type { Box, Size } from '../../../shared/geometry/shapes'
import type { Point } from '../../../shared/review/region'

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** The direction of an arrow key, y down; null for other keys. */
export function arrowDirection(key: string): Point | null {
  return directions[key] ?? null
}

/** How far an arrow key carries, CSS pixels; never less than one image pixel. */
const step = 8
const longStep = 64
const fineStep = 1

export interface StepModifiers {
  readonly shift: boolean
  readonly alt: boolean
}

/** Where drawing by keyboard begins: the middle of what is visible, on a whole pixel. */
export function crosshairStart(visible: Box, image: Size): Point {
  const middle = { x: visible.x + visible.width / 2, y: visible.y + visible.height / 2 }
  return clampPoint({ x: Math.round(middle.x), y: Math.round(middle.y) }, image)
}

/** The crosshair after an arrow key: 8 CSS pixels, 64 with Shift, one image pixel with Alt. */
export function moveCrosshair(
  at: Point,
  direction: Point,
  { shift, alt }: StepModifiers,
  scale: number,
  image: Size,
): Point {
  const length = shift ? longStep : alt ? fineStep : step
  const pixels = alt && !shift ? 1 : Math.max(1, Math.round(length / scale))
  return clampPoint({ x: at.x + direction.x * pixels, y: at.y + direction.y * pixels }, image)
}
