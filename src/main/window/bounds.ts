import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export const defaultSize = { width: 1440, height: 900 } as const
export const smallestSize = { width: 1024, height: 700 } as const

export const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
/** In device-independent pixels of the desktop. */
export type Rectangle = z.infer<typeof rectangleSchema>

export const windowStateSchema = z.object({ bounds: rectangleSchema, maximised: z.boolean() })
export type WindowState = z.infer<typeof windowStateSchema>

/** How much of the window, in pixels each way, must lie on a screen for it to be reachable. */
const reachable = 120

/**
 * Where the window opens: as it was left when that place still exists, else undefined
 * position and the default size, so that the system centres it. Never larger than the screen.
 */
export function openingBounds(
  state: WindowState | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  const first = workAreas[0]
  const area = state === null ? first : workAreas.find((screen) => overlaps(screen, state.bounds))
  if (state === null || !area) return fitted(defaultSize, first)
  return { ...state.bounds, ...fitted(state.bounds, area) }
}

function fitted(
  size: { readonly width: number; readonly height: number },
  area: Rectangle | undefined,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(smallestSize.width, Math.min(size.width, area?.width ?? size.width)),
    height: Math.max(smallestSize.height, Math.min(size.height, area?.height ?? size.height)),
  }
}

function overlaps(screen: Rectangle, window: Rectangle): boolean {
  const width =
    Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x)
  // The title bar is what one drags, so its upper edge must be on the screen.
  const topVisible = window.y >= screen.y && window.y + reachable <= screen.y + screen.height
  return width >= reachable && topVisible
}

/** A missing or damaged file is no reason to trouble anyone: the defaults serve. */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.tmp`, JSON.stringify(state))
    renameSync(`${file}.tmp`, file)
  } catch {
    // Where the window was is not worth a message.
  }
}
