import type { Page } from '@playwright/test'
import { explained, expect, signalEngine, test } from './support/journey'
import { click } from './support/stage'

/* Why: another class, a contrast, methods, parameters, the ledger, one tile, the whole image. */

const line = (page: Page) => page.getByTestId('ledger-line')
const legend = (page: Page) => page.getByRole('group', { name: 'Legend of the heatmap' })
const says = (page: Page) => page.getByRole('group', { name: /Classes by probability/ })
const why = (page: Page) => page.getByRole('region', { name: 'Why' })

test('another class, and why one and not the other', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  const ends = await legend(page).innerText()

  await says(page)
    .getByRole('button', { name: /counterstain only/ })
    .click()
  await expect(legend(page).getByText('counterstain only')).toBeVisible()
  await expect(line(page)).toContainText('balances')
  await expect(says(page).getByRole('button', { name: /counterstain only/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  expect(await legend(page).innerText()).not.toBe(ends)

  await page
    .getByLabel('Which class to hold against it')
    .selectOption({ label: 'not DAB-positive' })
  await expect(legend(page)).toContainText(/DAB-positive\s*← for →\s*counterstain only/)
  await expect(line(page)).toContainText('balances')

  await page.getByLabel('Which class to hold against it').selectOption('')
  await page.getByLabel('Which class to explain').selectOption('top')
  await expect(legend(page).getByText('DAB-positive')).toBeVisible()
  await expect(line(page)).toBeVisible()
  expect(await legend(page).innerText()).toBe(ends)
})

test('methods, their parameters, and the ledger', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  // One tile is enough to see that the method arrives.
  await page.keyboard.press('t')
  await click(page, [[200, 200]])
  await expect(page.getByRole('button', { name: 'Tile at 168, 168' })).toBeVisible()
  await expect(line(page)).toContainText('balances')

  await page.getByLabel('Method', { exact: true }).selectOption('gradient')
  await expect(line(page)).toContainText('Gradients measure sensitivity; they keep no ledger')
  await page.getByLabel('Method', { exact: true }).selectOption('epsilon')
  await expect(line(page)).toContainText('balances')
  const before = await legend(page).innerText()
  await why(page).getByText('Parameters').click()
  const epsilon = why(page).getByLabel('ε', { exact: true })
  await epsilon.fill('nonsense')
  await expect(epsilon).toHaveAttribute('aria-invalid', 'true')
  await epsilon.fill('0.5')
  await epsilon.press('Enter')
  await expect(epsilon).toHaveAttribute('aria-invalid', 'false')
  await expect.poll(() => legend(page).innerText()).not.toBe(before)
  await expect(line(page)).toBeVisible()

  // Out of the field first: a letter typed into it is no shortcut.
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  const ledger = page.getByRole('dialog', { name: 'Conservation ledger' })
  await expect(ledger).toContainText(/Relevance balances at all \d+ layers/)
  const rows = ledger.getByRole('table').getByRole('row')
  expect(await rows.count()).toBeGreaterThan(5)
  await expect(rows.nth(1)).toContainText('; balances.')
  await expect(ledger.getByText(/unaccounted for\.$/)).toHaveCount(0)
  await expect(ledger.getByRole('heading', { name: 'Conventions' })).toBeVisible()
  await expect(ledger).toContainText('19af1365')
  await page.keyboard.press('Escape')
  await expect(ledger).toBeHidden()
})

test('the whole image shows its progress and can be cancelled, and works again', async ({
  home,
}) => {
  const { app, page } = await home.start()
  await explained(page)
  const before = await legend(page).innerText()
  // A stopped engine gives time to cancel, however fast the machine is.
  expect(await signalEngine(app, 'SIGSTOP')).toBe(true)
  await page.getByLabel('Method', { exact: true }).selectOption('epsilon-alpha2-beta1')
  await expect(why(page).getByRole('progressbar')).toBeVisible()
  await expect(legend(page)).toBeVisible()
  await why(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(why(page).getByText('The map shown is the one before.')).toBeVisible()
  await expect(why(page).getByRole('progressbar')).toBeHidden()
  await expect(legend(page)).toContainText('The map before: LRP ε⁺ flat')
  const range = before.split('\n').slice(0, 3)
  expect((await legend(page).innerText()).split('\n').slice(0, 3)).toEqual(range)

  const stages = new Set<string>()
  await page.exposeFunction('noteProgress', (text: string) => stages.add(text))
  await page.evaluate(() => {
    const note: unknown = Reflect.get(window, 'noteProgress')
    window.pixelwise.on['job.progress']((payload) => {
      if (typeof note === 'function') Reflect.apply(note, window, [JSON.stringify(payload)])
    })
  })
  await why(page).getByRole('button', { name: 'Explain', exact: true }).click()
  await expect(line(page)).toContainText(/balance/)
  await expect(legend(page)).not.toContainText('The map before')
  await expect.poll(() => legend(page).innerText()).not.toBe(before)
  // More than a beginning and an end: tiles are told as they are done.
  expect(stages.size).toBeGreaterThan(3)
})

test('one tile by a click, by the keyboard, and the whole image again', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  const whole = await says(page).innerText()
  await page.getByRole('button', { name: 'Explain the tile under a click' }).click()
  await click(page, [[300, 100]])
  await expect(page.getByText('tile at 268, 68', { exact: true })).toBeVisible()
  await expect(line(page)).toContainText('balances')
  expect(await says(page).innerText()).not.toBe(whole)
  // At the border the tile stays inside the image.
  await click(page, [[505, 505]])
  await expect(page.getByText('tile at 448, 448', { exact: true })).toBeVisible()

  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^tile at 224, 2\d\d$/)).toBeVisible()
  await expect(line(page)).toBeVisible()
  await page.keyboard.press('w')
  await expect(page.getByText(/^mean of \d+ tiles$/)).toBeVisible()
  expect(await says(page).innerText()).toBe(whole)
})
