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
 * Tags that would lie on one another are shortened to their numbers, then left out; the selected
 * one always stands in full. In the order in which they are to be drawn.
 *
 * @param widthOf of a tag's text, CSS pixels
 */
export function fitTags(
  tags: readonly Tag[],
  widthOf: (text: string, selected: boolean) => number,
): readonly Tag[] {
  const placed: { readonly at: Point; readonly width: number }[] = []
  const fitted: Tag[] = []
  const free = (at: Point, width: number) =>
    placed.every(
      (other) =>
        at.x >= other.at.x + other.width ||
        other.at.x >= at.x + width ||
        Math.abs(at.y - other.at.y) >= height,
    )
  const first = tags.filter(({ selected }) => selected)
  for (const tag of [...first, ...tags.filter(({ selected }) => !selected)]) {
    const texts = tag.selected ? [tag.text] : [tag.text, tag.number]
    const text = texts.find((words) => tag.selected || free(tag.at, widthOf(words, false)))
    if (text === undefined) continue
    placed.push({ at: tag.at, width: widthOf(text, tag.selected) })
    fitted.push({ ...tag, text })
  }
  return fitted.reverse()
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
