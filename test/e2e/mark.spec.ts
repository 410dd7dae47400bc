import type { Page } from '@playwright/test'
import { ask, opened } from './support/ask'
import { explained, expect, test } from './support/journey'
import { click, drag, inWindow, stage } from './support/stage'

/* Marking: every shape by mouse, then everything by keyboard alone, then after a restart. */

const list = (page: Page) => page.getByTestId('region-list')
const regions = (page: Page) => list(page).getByRole('option')
const fields = (page: Page) => page.getByRole('group', { name: 'Selected region' })

/** What is saved, not what is shown. */
async function saved(page: Page) {
  const { imageId } = await opened(page)
  return ask(page, 'review.get', { imageId })
}

async function geometries(page: Page) {
  return (await saved(page)).review.regions.map(({ geometry }) => geometry)
}

test('every shape by mouse: drawn, described, moved, reshaped, deleted', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('r')
  await drag(page, [
    [100, 100],
    [200, 180],
  ])
  await expect(regions(page)).toHaveCount(1)
  await page.keyboard.press('e')
  await drag(page, [
    [250, 60],
    [400, 160],
  ])
  await expect(regions(page)).toHaveCount(2)
  await page.keyboard.press('p')
  await click(page, [
    [60, 300],
    [160, 300],
    [160, 400],
    [100, 440],
  ])
  await page.keyboard.press('Enter')
  await expect(regions(page)).toHaveCount(3)
  await page.keyboard.press('b')
  await drag(page, [
    [300, 300],
    [380, 290],
    [420, 360],
    [340, 420],
    [290, 350],
    [300, 302],
  ])
  await expect(regions(page)).toHaveCount(4)
  await page.keyboard.press('.')
  await click(page, [
    [450, 200],
    [460, 460],
  ])
  await expect(regions(page)).toHaveCount(6)
  await expect
    .poll(async () => (await geometries(page)).map(({ kind }) => kind))
    .toEqual(['rectangle', 'ellipse', 'polygon', 'freehand', 'point', 'point'])
  const [rectangle, ellipse] = await geometries(page)
  expect(rectangle).toEqual({ kind: 'rectangle', x: 100, y: 100, width: 100, height: 80 })
  expect(ellipse).toMatchObject({ kind: 'ellipse', x: 250, y: 60, width: 150, height: 100 })
  await expect(regions(page).first()).toContainText(/Rectangle\s*3\.1\s%/)
  await expect(regions(page).first()).toContainText(
    /holds \S+\s% of the evidence for, \S+\s% against/,
  )

  // Label, colour and note belong to the region that a click on the image selects.
  await page.keyboard.press('v')
  await click(page, [[150, 140]])
  await expect(regions(page).first()).toHaveAttribute('aria-selected', 'true')
  await fields(page).getByLabel('Label').fill('Crypt')
  await fields(page).getByRole('radio', { name: 'green' }).click()
  await fields(page).getByLabel('Note on the region').fill('Well oriented.')
  await fields(page).getByLabel('Note on the region').blur()
  await expect
    .poll(async () => (await saved(page)).review.regions[0])
    .toMatchObject({ label: 'Crypt', colour: '#a9dc76', note: 'Well oriented.' })

  // Moved by its inside, reshaped by its corner.
  await drag(page, [
    [150, 140],
    [170, 150],
  ])
  await expect
    .poll(async () => (await geometries(page))[0])
    .toEqual({ kind: 'rectangle', x: 120, y: 110, width: 100, height: 80 })
  await drag(page, [
    [220, 190],
    [240, 230],
  ])
  await expect
    .poll(async () => (await geometries(page))[0])
    .toEqual({ kind: 'rectangle', x: 120, y: 110, width: 120, height: 120 })

  await page.keyboard.press('Delete')
  await expect(regions(page)).toHaveCount(5)
  await expect(list(page).getByText('Crypt')).toBeHidden()
})

test('undo and redo say what they undo, also after a restart', async ({ home }) => {
  const first = await home.start()
  await explained(first.page)
  await first.page.keyboard.press('r')
  await drag(first.page, [
    [100, 100],
    [200, 180],
  ])
  await expect(regions(first.page)).toHaveCount(1)
  await first.page.keyboard.press('e')
  await drag(first.page, [
    [300, 300],
    [400, 400],
  ])
  await expect(regions(first.page)).toHaveCount(2)
  const undo = (page: Page) => page.getByRole('button', { name: /^Undo/ }).first()
  const redo = (page: Page) => page.getByRole('button', { name: /^Redo/ }).first()
  await expect(undo(first.page)).toHaveAccessibleName('Undo Add ellipse')
  await first.page.keyboard.press('Control+z')
  await expect(regions(first.page)).toHaveCount(1)
  await expect(undo(first.page)).toHaveAccessibleName('Undo Add rectangle')
  await expect(redo(first.page)).toHaveAccessibleName('Redo Add ellipse')
  await home.quit()

  const { page } = await home.start()
  await explained(page)
  await expect(regions(page)).toHaveCount(1)
  await expect(redo(page)).toHaveAccessibleName('Redo Add ellipse')
  await page.keyboard.press('Control+Shift+z')
  await expect(regions(page)).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(regions(page)).toHaveCount(0)
  await expect(undo(page)).toBeDisabled()
  expect(await geometries(page)).toEqual([])
})

test('Escape leaves no trace of what is being drawn', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('r')
  await drag(
    page,
    [
      [100, 100],
      [200, 180],
    ],
    { release: false },
  )
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await page.keyboard.press('p')
  await click(page, [
    [60, 300],
    [160, 300],
    [160, 400],
  ])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  expect((await saved(page)).review.regions).toEqual([])
  await expect(list(page)).toContainText('None yet')
})

test('everything by keyboard alone', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  // From the top of the page to the image with Tab.
  for (let turn = 0; turn < 40; turn += 1) {
    if (await stage(page).evaluate((element) => element === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await expect(stage(page)).toBeFocused()

  await page.keyboard.press('r')
  await page.keyboard.press('ArrowRight') // shows the crosshair in the middle
  await page.keyboard.press('Enter')
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowRight')
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Enter')
  await expect(regions(page)).toHaveCount(1)
  const [drawn] = await geometries(page)
  expect(drawn).toMatchObject({ kind: 'rectangle', x: 256 })
  const top = drawn?.kind === 'rectangle' ? drawn.y : 0

  await page.keyboard.press('p')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter') // the same place again closes
  await expect(regions(page)).toHaveCount(2)

  // The list beside the image chooses, names and deletes.
  await list(page).focus()
  await page.keyboard.press('Home')
  await expect(regions(page).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(fields(page).getByLabel('Label')).toBeFocused()
  await page.keyboard.type('Lumen')
  await page.keyboard.press('Enter')
  await expect(regions(page).first()).toContainText('Lumen')

  // Moved and reshaped with the arrow keys.
  await page.keyboard.press('Alt+ArrowLeft')
  await expect.poll(async () => (await geometries(page))[0]).toMatchObject({ x: 255, y: top })
  await stage(page).focus()
  await page.keyboard.press(']')
  await page.keyboard.press('ArrowUp')
  await expect.poll(async () => (await geometries(page))[0]).toMatchObject({ x: 255, y: top - 1 })

  await list(page).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Delete')
  await expect(regions(page)).toHaveCount(1)
  await expect(regions(page).first()).toContainText('Lumen')
})

test('the context menu of a region, and of the image', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('r')
  await drag(page, [
    [100, 100],
    [200, 180],
  ])
  await expect(regions(page)).toHaveCount(1)
  await page.keyboard.press('v')
  const inside = await inWindow(page, { x: 150, y: 140 })
  await page.mouse.click(inside.x, inside.y, { button: 'right' })
  await page.getByRole('menuitem', { name: /^Delete region/ }).click()
  await expect(regions(page)).toHaveCount(0)
  await page.mouse.click(inside.x, inside.y, { button: 'right' })
  await expect(page.getByRole('menuitem', { name: /^Delete region/ })).toHaveCount(0)
  await page.getByRole('menuitem', { name: /^Undo/ }).click()
  await expect(regions(page)).toHaveCount(1)
})
