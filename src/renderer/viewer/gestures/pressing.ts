import { hitsAt, type Hit } from '../../../shared/geometry/contains'
import type { Point, Region, RegionId } from '../../../shared/review/region'
import type { Tool } from '../types'
import { gripAt, gripsOf, type Grip } from './editing'

/** A press that moved less than this is a click, CSS pixels. */
export const clickDistance = 5
/** How far beside an outline a press still takes it, CSS pixels. */
export const edgeReach = 6

export type Press =
  | { readonly kind: 'pan' }
  | { readonly kind: 'draw' }
  | { readonly kind: 'pickTile' }
  | { readonly kind: 'reshape'; readonly region: Region; readonly grip: Grip }
  | { readonly kind: 'removeVertex'; readonly region: Region; readonly index: number }
  | { readonly kind: 'move'; readonly region: Region }
  /** A click selects it, a drag pans: so a region that fills the screen does not hold the image fast. */
  | { readonly kind: 'panOrSelect'; readonly id: RegionId | null }

export interface PressInput {
  readonly tool: Tool
  /** 0 left, 1 middle, as in MouseEvent. */
  readonly button: number
  readonly space: boolean
  readonly alt: boolean
  /** Image pixels. */
  readonly point: Point
  readonly scale: number
  readonly regions: readonly Region[]
  readonly selectedId: RegionId | null
}

/** What a press of a mouse button means; null when it means nothing here. */
export function classifyPress(input: PressInput): Press | null {
  const { tool, button, point, scale, regions, selectedId } = input
  if (button === 1 || (button === 0 && input.space)) return { kind: 'pan' }
  if (button !== 0) return null
  if (tool === 'tile') return { kind: 'pickTile' }
  if (tool !== 'select') return { kind: 'draw' }
  const selected = regions.find((region) => region.id === selectedId)
  if (selected) {
    const grip = gripAt(gripsOf(selected.geometry, scale), point, scale)
    if (grip?.kind === 'vertex' && input.alt) {
      return { kind: 'removeVertex', region: selected, index: grip.index }
    }
    if (grip) return { kind: 'reshape', region: selected, grip }
  }
  const hits = regionsUnder(regions, point, scale)
  const first = hits[0]
  if (!first) return { kind: 'panOrSelect', id: null }
  // A smaller region inside the selected one stays within reach of a click.
  if (first.item.id === selectedId || first.part !== 'inside') {
    return { kind: 'move', region: first.item }
  }
  return { kind: 'panOrSelect', id: first.item.id }
}

export function regionsUnder(
  regions: readonly Region[],
  point: Point,
  scale: number,
): Hit<Region>[] {
  return hitsAt(regions, point, edgeReach / scale)
}

/** The pointer's shape as CSS names it. */
export function cursorFor(press: Press | null): string {
  switch (press?.kind) {
    case 'draw':
    case 'pickTile':
      return 'crosshair'
    case 'pan':
      return 'grab'
    case 'move':
      return 'move'
    case 'removeVertex':
      return 'not-allowed'
    case 'panOrSelect':
      return press.id === null ? 'grab' : 'pointer'
    case 'reshape':
      return gripCursor(press.grip)
    case undefined:
      return 'default'
  }
}

function gripCursor(grip: Grip): string {
  if (grip.kind === 'vertex') return 'move'
  return grip.kind === 'middle' ? 'copy' : `${grip.handle}-resize`
}
