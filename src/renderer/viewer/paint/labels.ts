import type { Point } from '../../../shared/review/region'

/** Longer labels are cut on the stage; the list beside it has them in full. */
const longest = 28
const height = 18

/** A tag with the region's number and, where there is room, its label. View coordinates. */
export function drawTag(
  context: CanvasRenderingContext2D,
  at: Point,
  text: string,
  colour: string,
  selected: boolean,
): void {
  context.font = `${selected ? 600 : 500} 11.5px Inter, "Inter Variable", system-ui, sans-serif`
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  const width = Math.ceil(context.measureText(text).width) + 19
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
