import { bounds, boundsOfPoints, boxesMeet } from '../../../shared/geometry/bounds'
import { boxCentre, type Box } from '../../../shared/geometry/shapes'
import type { Geometry, Region, RegionId } from '../../../shared/review/region'
import { toView } from '../view/transform'
import type { ViewerView } from '../types'
import { drawTag, fitTags, tagPlace, tagText, tagWidth, type Tag } from './labels'
import {
  drawPointMark,
  drawSmallMark,
  strokeCore,
  strokeDouble,
  strokeHalo,
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

/** Neighbours of one colour, stroked together. */
interface Chunk {
  readonly colour: string
  readonly path: Path2D
  readonly box: Box
}

/**
 * Committed regions as few paths in image coordinates. One path per colour would be fewest, but
 * without a GPU a path that covers the whole image costs more than its pieces, and pieces out of
 * sight cost nothing.
 */
export interface RegionPaths {
  readonly items: readonly Item[]
  readonly chunks: readonly Chunk[]
  readonly selected: { readonly item: Item; readonly path: Path2D } | null
}

const regionsPerChunk = 24
/** With more regions in sight than this the halo waits until the view rests. */
const mostHalos = 800

/** @param without the region that is being edited and drawn elsewhere */
export function buildRegionPaths(
  regions: readonly Region[],
  selectedId: RegionId | null,
  without: RegionId | null,
): RegionPaths {
  const items = regions.flatMap((region, index): Item[] =>
    region.id === without ? [] : [{ region, number: index + 1, box: bounds(region.geometry) }],
  )
  const chosen = items.find(({ region }) => region.id === selectedId)
  const others = items.filter((item) => item !== chosen && item.region.geometry.kind !== 'point')
  return {
    items,
    chunks: spatialGroups(others).map(chunkOf),
    selected: chosen ? { item: chosen, path: pathOf([chosen]) } : null,
  }
}

function pathOf(items: readonly Item[]): Path2D {
  const path = new Path2D()
  for (const { region } of items) traceGeometry(path, region.geometry)
  return path
}

function chunkOf(items: readonly Item[]): Chunk {
  const corners = items.flatMap(({ box }) => [box, { x: box.x + box.width, y: box.y + box.height }])
  return {
    colour: items[0]?.region.colour ?? '',
    path: pathOf(items),
    box: boundsOfPoints(corners),
  }
}

/** Groups of one colour and one neighbourhood: in bands from top to bottom, then left to right. */
function spatialGroups(items: readonly Item[]): Item[][] {
  const byColour = new Map<string, Item[]>()
  for (const item of items) {
    const same = byColour.get(item.region.colour) ?? []
    byColour.set(item.region.colour, same)
    same.push(item)
  }
  return [...byColour.values()].flatMap((same) => {
    const extent = boundsOfPoints(same.map(({ box }) => box))
    const bands = Math.max(1, Math.round(Math.sqrt(same.length / regionsPerChunk)))
    const band = ({ box }: Item) =>
      Math.floor((bands * (box.y - extent.y)) / Math.max(extent.height, 1))
    const sorted = [...same].sort((a, b) => band(a) - band(b) || a.box.x - b.box.x)
    const groups: Item[][] = []
    for (let from = 0; from < sorted.length; from += regionsPerChunk) {
      groups.push(sorted.slice(from, from + regionsPerChunk))
    }
    return groups
  })
}

/** Draws in CSS pixels of the stage: the context must not be transformed beyond the pixel ratio. */
export function drawRegions(
  context: CanvasRenderingContext2D,
  { items, chunks, selected }: RegionPaths,
  view: ViewerView,
  moving: boolean,
): void {
  const sight = grow(view.visible, 30 / view.scale)
  const inSight = items.filter(({ box }) => boxesMeet(box, sight))
  const seen = chunks.filter(({ box }) => boxesMeet(box, sight))
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  if (!moving || inSight.length <= mostHalos) {
    for (const { path } of seen) strokeHalo(context, path, view.scale)
  }
  for (const { path, colour } of seen) strokeCore(context, path, colour, view.scale)
  if (selected) {
    strokeSelection(context, selected.path, view.scale)
    strokeDouble(context, selected.path, selected.item.region.colour, view.scale)
  }
  context.restore()

  for (const item of inSight) {
    drawMark(context, item.region.geometry, item, view, item === selected?.item)
  }
  const tagged = inSight.filter((item) => inSight.length <= mostTags || item === selected?.item)
  const tags = tagged.map((item) => tagOf(item, view, item === selected?.item))
  for (const tag of fitTags(tags, (text, bold) => tagWidth(context, text, bold))) {
    drawTag(context, tag.at, tag.text, tag.colour, tag.selected)
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

function tagOf({ region, number, box }: Item, view: ViewerView, selected: boolean): Tag {
  const isPoint = region.geometry.kind === 'point'
  const corner = toView(view, box)
  const room = isPoint ? 100 : box.width * view.scale
  return {
    at: isPoint ? { x: corner.x + 10, y: corner.y - 24 } : tagPlace(corner),
    text: tagText(number, region.label, room),
    number: String(number),
    colour: region.colour,
    selected,
  }
}
