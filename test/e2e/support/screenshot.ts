import type { Page } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const ordinary = resolve(import.meta.dirname, '..', '..', '..', 'test-results', 'screenshots')

/**
 * Takes a picture of the window. A test that takes one for the README is tagged `@screenshot`:
 * `npm run screenshots` runs those and lets them write into docs/screenshots, an ordinary test run
 * writes to test-results.
 *
 * @param name of the picture, without extension
 * @returns its path
 */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  const folder = process.env['PIXELWISE_SCREENSHOTS'] ?? ordinary
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  return path
}
