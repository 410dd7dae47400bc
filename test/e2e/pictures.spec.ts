import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ask } from './support/ask'
import { answerOpenDialog, explained, expect, inRoot, resize, test } from './support/journey'
import { takeScreenshot } from './support/screenshot'
import { drag, inWindow } from './support/stage'

/* A reviewer's afternoon, and the README's pictures of it: what one sees is what the program does. */

/** Bytes; a README is read over slow lines too. */
const largestPicture = 1_200_000

/** Round the lower gland of the tissue, in one stroke; image pixels. */
// prettier-ignore
const gland = [
  [273, 300], [292, 297], [311, 308], [335, 312], [355, 323], [371, 344], [383, 369],
  [388, 403], [387, 443], [382, 477], [371, 501], [355, 510], [333, 511], [311, 509],
  [287, 488], [272, 464], [257, 439], [248, 411], [245, 379], [249, 347], [259, 320], [272, 301],
] as const

async function useTheme(page: Page, theme: 'dark' | 'light'): Promise<void> {
  await page.keyboard.press('Control+,')
  await page.getByRole('radio', { name: theme, exact: true }).check()
  await page.keyboard.press('Escape')
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
}

async function name(page: Page, label: string, colour?: string): Promise<void> {
  const field = page.getByLabel('Label', { exact: true })
  await field.fill(label)
  await field.press('Enter')
  if (colour !== undefined) await page.getByRole('radio', { name: colour }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('group', { name: 'Selected region' })).toBeHidden()
}

async function picture(page: Page, file: string): Promise<void> {
  // What was told on the way is not part of the picture.
  await expect(page.getByRole('status').filter({ hasText: /^Saving/ })).toHaveCount(0)
  const path = await takeScreenshot(page, file)
  expect(statSync(path).size).toBeLessThan(largestPicture)
}

/** Something is drawn in the middle of a canvas. */
function isPainted(canvas: Element): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) return false
  const { width, height } = canvas
  const data = canvas.getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data
  return (data?.[3] ?? 0) > 0
}

test('a review from beginning to end, in pictures @screenshot', async ({ home }) => {
  const launched = await home.start()
  const { app, page } = launched
  await resize(launched, 1440, 900)
  await explained(page)
  await page.keyboard.press('Control+,')
  await page.getByLabel('Reviewer, as the reports name you').fill('Ada Reed')
  await page.keyboard.press('Escape')
  await useTheme(page, 'dark')

  await page.keyboard.press('b')
  await drag(page, gland)
  await name(page, 'Gland 3')
  await page.keyboard.press('r')
  await drag(page, [
    [178, 300],
    [240, 384],
  ])
  await name(page, 'Stroma')
  await page.keyboard.press('y')
  await page.getByLabel('Is the explanation plausible?').selectOption('yes')
  await page.getByLabel('How sure are you?').selectOption('4')
  const comment = page.getByLabel('Comment', { exact: true })
  await comment.fill('Brown cytoplasm of the glands, as expected. Edge of gland 3 is folded.')
  await comment.blur()
  const at = await inWindow(page, { x: 330, y: 390 })
  await page.mouse.move(at.x, at.y)
  await expect(page.getByTestId('region-list').getByRole('option')).toHaveCount(2)
  await picture(page, 'review-dark')

  await page.mouse.move(700, 20)
  await page.keyboard.press('g')
  await expect(page.getByRole('dialog', { name: 'Conservation ledger' })).toBeVisible()
  await picture(page, 'ledger-dark')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('re')
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
  await picture(page, 'palette-dark')
  await page.keyboard.press('Escape')

  await useTheme(page, 'light')
  await page.mouse.move(at.x, at.y)
  await picture(page, 'review-light')

  await page.keyboard.press('Control+p')
  await expect(page.getByRole('main', { name: 'Preview' })).toContainText('Gland 3')
  const painted = page.getByRole('main', { name: 'Preview' }).locator('canvas').first()
  await painted.evaluate((canvas) => {
    canvas.scrollIntoView({ block: 'center' })
  })
  await expect.poll(() => painted.evaluate(isPainted)).toBe(true)
  await page.mouse.move(700, 20)
  await picture(page, 'report-light')
  await page.getByRole('button', { name: '← Back to the images' }).click()
  await explained(page)

  const digits = join(home.temporary, 'digits')
  mkdirSync(digits)
  const mnist = inRoot('assets', 'samples', 'mnist')
  for (const file of readdirSync(join(mnist, 'digits')).slice(0, 24)) {
    copyFileSync(join(mnist, 'digits', file), join(digits, file))
  }
  await answerOpenDialog(app, [join(mnist, 'mnist_lenet.onnx')], [digits])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  await expect(page.getByText(/nodes can be explained/)).toBeVisible()
  await page.getByRole('button', { name: 'Choose a folder…' }).click()
  await expect(page.getByRole('list', { name: 'Chosen images' })).toBeVisible()
  await page.mouse.move(700, 20)
  await picture(page, 'new-session-light')

  // Some work in the other sessions, as it would be there.
  for (const { id, imageCount } of await ask(page, 'sessions.list')) {
    if (imageCount === 1) continue
    const { images } = await ask(page, 'sessions.open', { id })
    for (const image of images.slice(0, Math.ceil(imageCount / 3))) {
      const command = { kind: 'set-verdict', patch: { decision: 'agree' } }
      await ask(page, 'review.apply', { imageId: image.id, command })
    }
  }
  await useTheme(page, 'dark')
  await page.keyboard.press('Control+o')
  await expect(page.getByRole('list', { name: 'Recent sessions' })).toBeVisible()
  await picture(page, 'start-dark')
})
