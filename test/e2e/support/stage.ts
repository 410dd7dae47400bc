import type { Locator, Page } from '@playwright/test'
import { fitView, toView } from '../../../src/renderer/viewer/view/transform'
import type { Size } from '../../../src/shared/geometry/shapes'
import type { Point } from '../../../src/shared/review/region'

/** Pixels of the tissue sample. */
export const tissue: Size = { width: 512, height: 512 }

export const stage = (page: Page): Locator => page.getByRole('application')

/** How large the image is shown, in percent, as the stage says it. */
export async function zoom(page: Page): Promise<number> {
  const text = await page.getByTitle('Zoom: CSS pixels per image pixel').innerText()
  return Number.parseFloat(text)
}

/** `x 214 y 187 · R …` under the pointer, as the status bar says it. */
export async function underPointer(page: Page): Promise<Point> {
  const text = await page.getByTitle('Image pixel and its relevance').innerText()
  const match = /x (\d+) y (\d+)/.exec(text)
  if (!match) throw new Error(`No pixel is under the pointer: “${text}”`)
  return { x: Number(match[1]), y: Number(match[2]) }
}

/** Where a point of the fitted image lies in the window. Image pixels → CSS pixels. */
export async function inWindow(page: Page, point: Point, image: Size = tissue): Promise<Point> {
  const box = await stage(page).boundingBox()
  if (!box) throw new Error('The stage is not shown.')
  const at = toView(fitView(image, box), point)
  return { x: box.x + at.x, y: box.y + at.y }
}

/** Fits the image, then presses at the first point, goes through the others, and lets go. */
export async function drag(
  page: Page,
  points: readonly (readonly [x: number, y: number])[],
  options: { readonly release?: boolean } = {},
): Promise<void> {
  let pressed = false
  for (const [x, y] of points) {
    const at = await inWindow(page, { x, y })
    await page.mouse.move(at.x, at.y, { steps: pressed ? 4 : 1 })
    if (!pressed) await page.mouse.down()
    pressed = true
  }
  if (options.release !== false) await page.mouse.up()
}

/** Clicks at points of the fitted image. */
export async function click(
  page: Page,
  points: readonly (readonly [x: number, y: number])[],
): Promise<void> {
  for (const [x, y] of points) {
    const at = await inWindow(page, { x, y })
    await page.mouse.click(at.x, at.y)
  }
}

export interface StagePicture {
  /** Differs when any pixel differs. */
  readonly hash: number
  /** Mean of red minus blue over the stage, −255…255. */
  readonly warmth: number
  /** Pixels of nearly pure red, and of nearly pure blue. */
  readonly red: number
  readonly blue: number
}

/** What the stage shows once it rests, in numbers. */
export async function picture(page: Page): Promise<StagePicture> {
  let last = await pictureNow(page)
  for (;;) {
    // Longer than the stage takes from its quick drawing to its best.
    await page.waitForTimeout(160)
    const now = await pictureNow(page)
    if (now.hash === last.hash) return now
    last = now
  }
}

function pictureNow(page: Page): Promise<StagePicture> {
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.viewer-base')
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
    let [hash, sum, red, blue] = [0, 0, 0, 0]
    if (!data) return { hash, warmth: 0, red, blue }
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]
      hash = (Math.imul(hash, 31) + r + (g << 8) + (b << 16)) | 0
      sum += r - b
      if (r > 170 && g < 90 && b < 90) red += 1
      if (b > 170 && r < 90 && g < 90) blue += 1
    }
    return { hash, warmth: (4 * sum) / data.length, red, blue }
  })
}
