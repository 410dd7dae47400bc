import type { Size } from '../../../shared/geometry/shapes'
import type { Geometry, Point } from '../../../shared/review/region'
import type { Tool } from '../types'
import { stepBox, type BoxDraft } from './drawBox'
import { stepFreehand, type FreehandDraft } from './drawFreehand'
import { stepPoint, type PointDraft } from './drawPoint'
import { stepPolygon, type PolygonDraft } from './drawPolygon'

/**
 * What the reviewer does while drawing, whatever with. Points are image pixels, inside the image.
 * A click is a press and a release with `dragged` false; `place` is the same by keyboard.
 */
export type DrawInput =
  | {
      readonly kind: 'press'
      readonly point: Point
      readonly shift: boolean
      readonly double: boolean
    }
  | { readonly kind: 'move'; readonly point: Point; readonly shift: boolean }
  | {
      readonly kind: 'release'
      readonly point: Point
      readonly shift: boolean
      readonly dragged: boolean
    }
  | { readonly kind: 'place'; readonly point: Point }
  | { readonly kind: 'finish' }
  | { readonly kind: 'removeLast' }

export interface DrawContext {
  readonly image: Size
  /** CSS pixels per image pixel: what is near on the screen depends on it. */
  readonly scale: number
}

/** What is being drawn and not yet a region. */
export type Draft = PointDraft | BoxDraft | PolygonDraft | FreehandDraft

export interface DrawStep<D extends Draft = Draft> {
  readonly draft: D | null
  /** A finished geometry, to become a region. */
  readonly done: Geometry | null
}

export type DrawingTool = Exclude<Tool, 'select' | 'tile'>

type Step = (draft: Draft | null, input: DrawInput, context: DrawContext) => DrawStep

/** A drawing tool is one row: how it goes on with its own draft; a draft of another tool is dropped. */
const steps: Record<DrawingTool, Step> = {
  point: (draft, input) => stepPoint(draft?.tool === 'point' ? draft : null, input),
  rectangle: (draft, input) =>
    stepBox('rectangle', draft?.tool === 'rectangle' ? draft : null, input),
  ellipse: (draft, input) => stepBox('ellipse', draft?.tool === 'ellipse' ? draft : null, input),
  polygon: (draft, input, context) =>
    stepPolygon(draft?.tool === 'polygon' ? draft : null, input, context),
  freehand: (draft, input, context) =>
    stepFreehand(draft?.tool === 'freehand' ? draft : null, input, context),
}

export function isDrawingTool(tool: Tool): tool is DrawingTool {
  return tool !== 'select' && tool !== 'tile'
}

/** One step of drawing; pure. */
export function stepDrawing(
  tool: DrawingTool,
  draft: Draft | null,
  input: DrawInput,
  context: DrawContext,
): DrawStep {
  return steps[tool](draft, input, context)
}
