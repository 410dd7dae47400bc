import type { Point } from '../../../shared/review/region'

/** Longer labels are cut on the stage; the list beside it has them in full. */
const longest = 28
const height = 18

export interface Tag {
  /** Upper left corner, view coordinates. */
  readonly at: Point
  readonly text: string
  /** What remains where the text has no room. */
  readonly number: string
  readonly colour: string
  readonly selected: boolean
}

/**
 * Every region's number as long as there is room for it, then the labels that hide no other tag;
 * the selected region's tag always stands in full. In the order in which they are to be drawn.
 *
 * @param widthOf of a tag's text, CSS pixels
 */
export function fitTags(
  tags: readonly Tag[],
  widthOf: (text: string, selected: boolean) => number,
): readonly Tag[] {
  const ordered = tags.toSorted((a, b) => Number(b.selected) - Number(a.selected))
  const placed: { readonly tag: Tag; text: string; width: number }[] = []
  const free = (tag: Tag, width: number) =>
    placed.every(
      (other) =>
        other.tag === tag ||
        tag.at.x >= other.tag.at.x + other.width ||
        other.tag.at.x >= tag.at.x + width ||
        Math.abs(tag.at.y - other.tag.at.y) >= height,
    )
  for (const tag of ordered) {
    const text = tag.selected ? tag.text : tag.number
    const width = widthOf(text, tag.selected)
    if (tag.selected || free(tag, width)) placed.push({ tag, text, width })
  }
  for (const place of placed) {
    const { tag } = place
    const width = widthOf(tag.text, tag.selected)
    if (tag.selected || !free(tag, width)) continue
    place.text = tag.text
    place.width = width
  }
  return placed.map(({ tag, text }) => ({ ...tag, text })).reverse()
}

/** Width of a tag with this text, CSS pixels. Sets the context's font. */
export function tagWidth(
  context: CanvasRenderingContext2D,
  text: string,
  selected: boolean,
): number {
  context.font = font(selected)
  return Math.ceil(context.measureText(text).width) + 19
}

const font = (selected: boolean): string =>
  `${selected ? 600 : 500} 11.5px Inter, "Inter Variable", system-ui, sans-serif`

/** A tag with the region's number and, where there is room, its label. View coordinates. */
export function drawTag(
  context: CanvasRenderingContext2D,
  at: Point,
  text: string,
  colour: string,
  selected: boolean,
): void {
  const width = tagWidth(context, text, selected)
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  const x = Math.round(at.x)
  const y = Math.round(at.y)
  context.fillStyle = 'rgba(16, 17, 19, 0.86)'
  context.beginPath()
  context.roundRect(x, y, width, height, 5)
  context.fill()
  context.fillStyle = colour
  context.beginPath()
  context.roundRect(x + 5, y + 5, 4, height - 10, 2)
  context.fill()
  context.fillStyle = '#f2f4f6'
  context.fillText(text, x + 13, y + height / 2 + 0.5)
}

/** @param number the region's place in drawing order, from 1 @param room CSS pixels */
export function tagText(number: number, label: string, room: number): string {
  const name = label.trim()
  if (name === '' || room < 44) return String(number)
  const cut = name.length > longest ? `${name.slice(0, longest - 1).trimEnd()}…` : name
  return `${number}  ${cut}`
}

/** Tags sit on the upper edge of a region, outside it where the stage has room. */
export function tagPlace(box: { readonly x: number; readonly y: number }): Point {
  return { x: box.x - 2, y: box.y - height - 6 }
}
