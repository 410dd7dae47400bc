import type { Page } from '@playwright/test'
import { ask, opened } from './support/ask'
import { explained, expect, signalEngine, test } from './support/journey'
import { click, drag } from './support/stage'

/* Whatever ends, whenever: what was finished is there, and the audit chain holds. */

const regions = (page: Page) => page.getByTestId('region-list').getByRole('option')
const comment = (page: Page) => page.getByLabel('Comment', { exact: true })
const words = 'Brown cytoplasm of the glands, as expected.'

/** Two regions, a verdict and a comment, all of it saved. */
async function work(page: Page): Promise<void> {
  await page.keyboard.press('r')
  await drag(page, [
    [100, 100],
    [200, 180],
  ])
  await expect(regions(page)).toHaveCount(1)
  await page.keyboard.press('p')
  await click(page, [
    [300, 300],
    [400, 300],
    [350, 400],
  ])
  await page.keyboard.press('Enter')
  await expect(regions(page)).toHaveCount(2)
  await page.keyboard.press('y')
  await page.keyboard.press('c')
  await page.keyboard.type(words)
  const { imageId } = await opened(page)
  // The field keeps the focus: nothing but the pause in typing saves it.
  await expect
    .poll(async () => (await ask(page, 'review.get', { imageId })).review.verdict.comment)
    .toBe(words)
  await page.keyboard.press('Escape')
}

/** That nothing of `work` is missing, nothing was added, and the window works. */
async function expectWork(page: Page): Promise<void> {
  await explained(page)
  await expect(regions(page)).toHaveCount(2)
  await expect(comment(page)).toHaveValue(words)
  const { session, imageId } = await opened(page)
  const { review, undo } = await ask(page, 'review.get', { imageId })
  expect(review.regions.map(({ geometry }) => geometry.kind)).toEqual(['rectangle', 'polygon'])
  expect(review.verdict).toMatchObject({ decision: 'agree', comment: words })
  expect(undo).not.toBeNull()
  const report = await ask(page, 'report.model', { sessionId: session.id, imageIds: [imageId] })
  expect(report.audit.intact).toBe(true)
  expect(report.audit.entries).toBeGreaterThanOrEqual(4)

  await page.keyboard.press('e')
  await drag(page, [
    [20, 20],
    [90, 80],
  ])
  await expect(regions(page)).toHaveCount(3)
  await page.keyboard.press('Control+z')
  await expect(regions(page)).toHaveCount(2)
}

test('kill -9 in the middle of drawing', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await work(page)
  await page.keyboard.press('b')
  await drag(
    page,
    [
      [420, 100],
      [470, 120],
      [480, 180],
    ],
    { release: false },
  )
  await home.kill()
  await expectWork((await home.start()).page)
})

test('kill -9 at the instant in which a region is let go', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await work(page)
  await page.keyboard.press('r')
  await drag(page, [
    [420, 100],
    [480, 180],
  ])
  await home.kill()
  // Whether the third one was written is a matter of milliseconds; half of it never is.
  const second = await home.start()
  await explained(second.page)
  const { session, imageId } = await opened(second.page)
  const { review } = await ask(second.page, 'review.get', { imageId })
  expect([2, 3]).toContain(review.regions.length)
  expect(review.verdict).toMatchObject({ decision: 'agree', comment: words })
  const report = await ask(second.page, 'report.model', {
    sessionId: session.id,
    imageIds: [imageId],
  })
  expect(report.audit.intact).toBe(true)
  await expect(regions(second.page)).toHaveCount(review.regions.length)
})

test('the engine is killed while it explains', async ({ home }) => {
  const { app, page } = await home.start()
  await explained(page)
  await work(page)
  // Stopped first, so that it cannot have finished when it is killed.
  expect(await signalEngine(app, 'SIGSTOP')).toBe(true)
  await page.getByLabel('Method', { exact: true }).selectOption('epsilon-plus')
  await expect(page.getByRole('region', { name: 'Why' }).getByRole('progressbar')).toBeVisible()
  await signalEngine(app, 'SIGKILL')
  const why = page.getByRole('region', { name: 'Why' })
  await expect(why.getByRole('alert')).toContainText(/engine/i)
  await expect(regions(page)).toHaveCount(2)
  await why.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByTestId('ledger-line')).toContainText('balances')
  await expectWork(page)
})

test('the page crashes in the middle of drawing', async ({ home }) => {
  const first = await home.start()
  await explained(first.page)
  await work(first.page)
  await first.page.keyboard.press('b')
  await drag(
    first.page,
    [
      [420, 100],
      [470, 120],
      [480, 180],
    ],
    { release: false },
  )
  const shown = await first.app.evaluate(async ({ BrowserWindow, dialog }) => {
    const said: string[] = []
    Reflect.set(dialog, 'showMessageBox', (...args: readonly unknown[]) => {
      said.push(JSON.stringify(args.at(-1)))
      return Promise.resolve({ response: 0, checkboxChecked: false })
    })
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const again = new Promise<void>((resolve) => {
      contents?.once('did-finish-load', () => {
        resolve()
      })
    })
    contents?.forcefullyCrashRenderer()
    await again
    const count: unknown = await contents?.executeJavaScript(`new Promise((resolve) => {
      const look = () => {
        const { length } = document.querySelectorAll('[data-testid=region-list] [role=option]')
        if (length === 0) requestAnimationFrame(look)
        else resolve(length)
      }
      look()
    })`)
    return { said: said.join(), count }
  })
  expect(shown.said).toContain('was opened again')
  expect(shown.count).toBe(2)
  await home.kill()
  await expectWork((await home.start()).page)
})
