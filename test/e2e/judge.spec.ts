import type { Page } from '@playwright/test'
import { ask } from './support/ask'
import { explained, expect, test } from './support/journey'

/* Judging: the verdict by keys and by buttons, the worklist's state, and what keys never do. */

const verdict = (page: Page, name: string) =>
  page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name, exact: true })
const images = (page: Page) => page.getByRole('listbox', { name: 'Images' }).getByRole('option')
const current = (page: Page) =>
  page.getByRole('listbox', { name: 'Images' }).getByRole('option', { selected: true })

/** Opens the digits, which are more than one image. */
async function openDigits(page: Page): Promise<void> {
  await page.keyboard.press('Control+o')
  const digits = (await ask(page, 'sessions.list')).find(({ imageCount }) => imageCount > 3)
  if (!digits) throw new Error('No sample has several images.')
  await page.getByRole('button', { name: digits.name, exact: true }).click()
  await explained(page)
  // Rows out of sight are not drawn, but told.
  await expect(images(page).first()).toHaveAttribute('aria-setsize', String(digits.imageCount))
}

test('keys judge, the worklist tells, Enter goes on', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await openDigits(page)
  const count = await images(page).first().getAttribute('aria-setsize')
  await expect(images(page).first()).toHaveAttribute('aria-selected', 'true')
  await expect(images(page).nth(1)).toContainText('unread')

  await page.keyboard.press('Enter')
  await expect(page.getByText('Say first whether you agree, disagree or are unsure.')).toBeVisible()

  await page.keyboard.press('y')
  await expect(verdict(page, 'Agree')).toHaveAttribute('aria-pressed', 'true')
  await expect(images(page).first()).toContainText('✓ agreed')
  await expect(page.getByText(`1 / ${count}`)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(images(page).nth(1)).toHaveAttribute('aria-selected', 'true')

  await page.keyboard.press('n')
  await expect(images(page).nth(1)).toContainText('✕ disagreed')
  await page.getByLabel('The right class').selectOption({ index: 4 })
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(images(page).nth(2)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('u')
  await expect(images(page).nth(2)).toContainText('? unsure')
  await page.keyboard.press('k')
  await expect(images(page).nth(1)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByLabel('The right class')).toHaveValue('3')

  // The same key again takes it back, and with it the right class.
  await page.keyboard.press('n')
  await expect(images(page).nth(1)).toContainText('in review')
  await expect(page.getByLabel('The right class')).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(images(page).nth(1)).toContainText('✕ disagreed')
  await expect(page.getByLabel('The right class')).toHaveValue('3')

  await page.getByLabel('Which images to list').selectOption('unsure')
  await expect(images(page)).toHaveCount(2) // the one in review stays listed
})

test('how sure, how plausible, a comment; letters in it are letters', async ({ home }) => {
  const first = await home.start()
  await explained(first.page)
  const { page } = first
  await verdict(page, 'Agree').click()
  await page.getByLabel('How sure are you?').selectOption('4')
  await page.getByLabel('Is the explanation plausible?').selectOption('partly')
  await page.keyboard.press('Escape')
  await page.keyboard.press('c')
  const comment = page.getByLabel('Comment', { exact: true })
  await expect(comment).toBeFocused()
  const text = 'nyu jk h r e p b v . ? 0 1 + - Why, the edge is folded'
  await page.keyboard.type(text)
  await expect(comment).toHaveValue(text)
  await expect(verdict(page, 'Agree')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('button', { name: 'Select and move' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(page.getByRole('dialog')).toHaveCount(0)
  // Closed while the comment is being typed: it is kept all the same.
  await home.quit()

  const second = await home.start()
  await explained(second.page)
  await expect(second.page.getByLabel('Comment', { exact: true })).toHaveValue(text)
  await expect(second.page.getByLabel('How sure are you?')).toHaveValue('4')
  await expect(second.page.getByLabel('Is the explanation plausible?')).toHaveValue('partly')
  await expect(verdict(second.page, 'Agree')).toHaveAttribute('aria-pressed', 'true')
  await expect(images(second.page).first()).toContainText('✓ agreed')
})

test('the last verdict offers the report', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('y')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The image is judged.')).toBeVisible()
  await page.getByRole('status').getByRole('button', { name: 'Report…' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Report: /)
})

test('the palette finds commands, images and sessions; ? lists the keys', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await openDigits(page)
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('disagr')
  await expect(palette.getByRole('option').first()).toContainText('Disagree')
  await page.keyboard.press('Enter')
  await expect(verdict(page, 'Disagree')).toHaveAttribute('aria-pressed', 'true')

  const third = (await images(page).nth(2).getAttribute('title')) ?? ''
  await page.keyboard.press('Control+k')
  await page.keyboard.type(third)
  await page.keyboard.press('Enter')
  await expect(current(page)).toHaveAttribute('title', third)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('IHC colon')
  await expect(palette.getByRole('option').first()).toContainText('IHC colon')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('IHC colon, demonstration')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('zzzz')
  await expect(palette).toContainText('Nothing is called that.')
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  for (const words of [
    'Agree',
    'Confirm and next',
    'Draw a polygon',
    'Hide the heatmap while held',
  ])
    await expect(keys.getByText(words, { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
})

test('the menu does what the keys do', async ({ home }) => {
  const { app, page } = await home.start()
  await explained(page)
  await app.evaluate(({ Menu, BrowserWindow }) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById('verdict.unsure')
    item?.click(undefined, BrowserWindow.getAllWindows()[0], undefined)
  })
  await expect(verdict(page, 'Unsure')).toHaveAttribute('aria-pressed', 'true')
})
