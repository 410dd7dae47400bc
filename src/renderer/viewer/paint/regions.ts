import { bounds, boxesMeet } from '../../../shared/geometry/bounds'
import { boxCentre, type Box } from '../../../shared/geometry/shapes'
import type { Geometry, Region, RegionId } from '../../../shared/review/region'
import { toView } from '../view/transform'
import type { ViewerView } from '../types'
import { drawTag, tagPlace, tagText } from './labels'
import {
  drawPointMark,
  drawSmallMark,
  strokeDouble,
  strokeSelection,
  traceGeometry,
} from './outline'

/** Regions smaller than this on the screen are shown as a mark, CSS pixels. */
const smallest = 7
/** With more regions in sight than this, only the selected one has its tag. */
const mostTags = 400

interface Item {
  readonly region: Region
  readonly number: number
  readonly box: Box
}

/** One path per colour, in image coordinates: thousands of regions are a few strokes. */
export interface RegionPaths {
  readonly items: readonly Item[]
  readonly paths: ReadonlyMap<string, Path2D>
  readonly selected: { readonly item: Item; readonly path: Path2D } | null
}

/** @param without the region that is being edited and drawn elsewhere */
export function buildRegionPaths(
  regions: readonly Region[],
  selectedId: RegionId | null,
  without: RegionId | null,
): RegionPaths {
  const paths = new Map<string, Path2D>()
  const items: Item[] = []
  let selected: RegionPaths['selected'] = null
  regions.forEach((region, index) => {
    if (region.id === without) return
    const item = { region, number: index + 1, box: bounds(region.geometry) }
    items.push(item)
    if (region.id === selectedId) {
      const path = new Path2D()
      traceGeometry(path, region.geometry)
      selected = { item, path }
      return
    }
    const path = paths.get(region.colour) ?? new Path2D()
    paths.set(region.colour, path)
    traceGeometry(path, region.geometry)
  })
  return { items, paths, selected }
}

/** Draws in CSS pixels of the stage: the context must not be transformed beyond the pixel ratio. */
export function drawRegions(
  context: CanvasRenderingContext2D,
  { items, paths, selected }: RegionPaths,
  view: ViewerView,
): void {
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  for (const [colour, path] of paths) strokeDouble(context, path, colour, view.scale)
  if (selected) {
    strokeSelection(context, selected.path, view.scale)
    strokeDouble(context, selected.path, selected.item.region.colour, view.scale)
  }
  context.restore()

  const reach = 30 / view.scale
  const sight = grow(view.visible, reach)
  const inSight = items.filter(({ box }) => boxesMeet(box, sight))
  for (const item of inSight) {
    drawMark(context, item.region.geometry, item, view, item === selected?.item)
  }
  for (const item of inSight) {
    const isSelected = item === selected?.item
    if (inSight.length <= mostTags || isSelected) tag(context, item, view, isSelected)
  }
}

function grow(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by }
}

function drawMark(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  { region, box }: Item,
  view: ViewerView,
  isSelected: boolean,
): void {
  const at = toView(view, boxCentre(box))
  if (geometry.kind === 'point') drawPointMark(context, at, region.colour, isSelected)
  else if (Math.max(box.width, box.height) * view.scale < smallest) {
    drawSmallMark(context, at, region.colour)
  }
}

function tag(
  context: CanvasRenderingContext2D,
  { region, number, box }: Item,
  view: ViewerView,
  isSelected: boolean,
): void {
  const isPoint = region.geometry.kind === 'point'
  const corner = toView(view, box)
  const place = isPoint ? { x: corner.x + 10, y: corner.y - 24 } : tagPlace(corner)
  const room = isPoint ? 100 : box.width * view.scale
  drawTag(context, place, tagText(number, region.label, room), region.colour, isSelected)
}
