import { contentWidth, page } from './theme'
import type { Placement } from './outlines'

/** Between panels, and from a panel's edge to its caption's lower edge. */
export const gap = 12
export const captionHeight = 13
const largestHeight = 400
/** Wider images have their small panels below the large one. */
const wideRatio = 1.9

export interface Panels {
  /** The heatmap over the image, or the image where there is no heatmap. */
  readonly hero: Placement
  /** The image alone and the heatmap alone; null where there is no heatmap. */
  readonly sides: readonly [Placement, Placement] | null
  /** Of all panels with their captions. */
  readonly height: number
}

interface Size {
  readonly width: number
  readonly height: number
}

function place(image: Size, x: number, y: number, width: number): Placement {
  const scale = width / image.width
  return { x, y, width, height: image.height * scale, scale }
}

/** Lays a figure out on the page from `top` down, over the text's width. */
export function layPanels(image: Size, top: number, withHeatmap: boolean): Panels {
  const ratio = image.width / image.height
  if (!withHeatmap) {
    const hero = place(image, page.left, top, Math.min(320, largestHeight * ratio))
    return { hero, sides: null, height: hero.height + captionHeight }
  }
  return ratio > wideRatio ? below(image, top) : beside(image, top)
}

function below(image: Size, top: number): Panels {
  const hero = place(image, page.left, top, contentWidth)
  const half = (contentWidth - gap) / 2
  const y = top + hero.height + captionHeight + gap
  const left = place(image, page.left, y, half)
  const right = place(image, page.left + half + gap, y, half)
  return { hero, sides: [left, right], height: y + left.height + captionHeight - top }
}

/**
 * The two small panels with their captions are together as high as the large one:
 * W/a + c = 2w/a + 2c + g and W + g + w = content, where a is the image's width over its height.
 */
function beside(image: Size, top: number): Panels {
  const ratio = image.width / image.height
  const side = (contentWidth - gap - (captionHeight + gap) * ratio) / 3
  const large = contentWidth - gap - side
  const shrink = Math.min(1, largestHeight / (large / ratio))
  const hero = place(image, page.left, top, large * shrink)
  const x = hero.x + hero.width + gap
  const upper = place(image, x, top, side * shrink)
  const lower = place(image, x, top + upper.height + captionHeight + gap, side * shrink)
  const height = Math.max(hero.height, lower.y + lower.height - top) + captionHeight
  return { hero, sides: [upper, lower], height }
}
