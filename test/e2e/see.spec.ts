import type { Page } from '@playwright/test'
import { explained, expect, signalEngine, test } from './support/journey'
import type { Launched } from './support/launch'
import { inWindow, picture, stage, underPointer, zoom } from './support/stage'

/* Looking: the view, the heatmap's layer, and that none of it computes anything again. */

const layer = (page: Page) => page.getByRole('group', { name: 'Heatmap layer' })
const legend = (page: Page) => page.getByRole('group', { name: 'Legend of the heatmap' })

/** Runs with a stopped engine, and watches that no progress is ever shown. */
async function withoutComputing({ app, page }: Launched, look: () => Promise<void>): Promise<void> {
  const time = page.getByTitle(/^Prediction/)
  const before = await time.innerText()
  await page.evaluate(() => {
    document.body.dataset['jobs'] = '0'
    const why = document.querySelector('[data-testid=ledger-line]')?.closest('section')
    new MutationObserver(() => {
      const busy = why?.querySelector('[role=progressbar]') != null
      if (busy) document.body.dataset['jobs'] = '1'
    }).observe(why ?? document.body, { childList: true, subtree: true })
  })
  expect(await signalEngine(app, 'SIGSTOP')).toBe(true)
  await look()
  await signalEngine(app, 'SIGCONT')
  await expect(page.getByTestId('ledger-line')).toBeVisible()
  expect(await page.evaluate(() => document.body.dataset['jobs'])).toBe('0')
  await expect(time).toHaveText(before)
}

test('the image at any zoom: wheel at the pointer, drag, keys, fit and 100 %', async ({ home }) => {
  const launched = await home.start()
  const { page } = launched
  await explained(page)
  await withoutComputing(launched, async () => {
    await page.keyboard.press('0')
    const fitted = await zoom(page)
    const at = await inWindow(page, { x: 400, y: 120 })
    await page.mouse.move(at.x, at.y)
    await expect.poll(() => underPointer(page)).toEqual({ x: 400, y: 120 })
    await page.mouse.wheel(0, -300)
    await expect.poll(() => zoom(page)).toBeGreaterThan(fitted * 1.2)
    // The zoom runs over some frames.
    let last = 0
    await expect
      .poll(async () => {
        const before = last
        last = await zoom(page)
        return last === before
      })
      .toBe(true)
    await page.mouse.move(at.x + 3, at.y + 3)
    await page.mouse.move(at.x, at.y)
    const { x, y } = await underPointer(page)
    expect(Math.abs(x - 400) + Math.abs(y - 120)).toBeLessThanOrEqual(2)

    // Space and drag moves the picture with the pointer.
    await page.keyboard.down('Space')
    await page.mouse.down()
    await page.mouse.move(at.x - 80, at.y + 60, { steps: 5 })
    await page.mouse.up()
    await page.keyboard.up('Space')
    const there = await underPointer(page)
    expect(Math.abs(there.x - 400) + Math.abs(there.y - 120)).toBeLessThanOrEqual(2)

    // Dragging the picture with the select tool does the same.
    await page.mouse.down()
    await page.mouse.move(at.x, at.y, { steps: 5 })
    await page.mouse.up()
    const back = await underPointer(page)
    expect(Math.abs(back.x - 400) + Math.abs(back.y - 120)).toBeLessThanOrEqual(2)

    await page.keyboard.press('1')
    await expect.poll(() => zoom(page)).toBe(100)
    await page.keyboard.press('+')
    await expect.poll(() => zoom(page)).toBe(125)
    await page.keyboard.press('-')
    await expect.poll(() => zoom(page)).toBe(100)
    const before = await picture(page)
    await page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await picture(page)).hash).not.toBe(before.hash)
    await page.keyboard.press('0')
    await expect.poll(() => zoom(page)).toBe(fitted)
  })
})

test('the heatmap: opacity, threshold, sign, colours, legend, sampling', async ({ home }) => {
  const launched = await home.start()
  const { page } = launched
  await explained(page)
  await withoutComputing(launched, async () => {
    const plain = await picture(page)
    const opacity = page.getByRole('slider', { name: 'Opacity' })
    await opacity.fill('100')
    const full = await picture(page)
    expect(full.red).toBeGreaterThan(plain.red)
    expect(full.blue).toBeGreaterThan(plain.blue)

    await layer(page).getByLabel('Which evidence to show').selectOption('positive')
    await expect.poll(async () => (await picture(page)).blue).toBe(0)
    expect((await picture(page)).red).toBeGreaterThan(1000)
    await layer(page).getByLabel('Which evidence to show').selectOption('negative')
    await expect.poll(async () => (await picture(page)).red).toBe(0)
    expect((await picture(page)).blue).toBeGreaterThan(1000)
    await layer(page).getByLabel('Which evidence to show').selectOption('both')

    await page.getByRole('slider', { name: 'Hide below' }).fill('100')
    await expect(legend(page)).toContainText('hidden below 100 %')
    const hidden = await picture(page)
    await page.getByRole('slider', { name: 'Hide below' }).fill('0')
    await expect.poll(async () => (await picture(page)).hash).toBe(full.hash)
    expect(hidden.hash).not.toBe(full.hash)

    await layer(page)
      .getByRole('button', { name: /^Colours:/ })
      .click()
    const jet = page.getByRole('radio', { name: /^Jet/ })
    await expect(page.getByText(/As in the paper; not perceptual/)).toBeVisible()
    await expect(page.getByText(/⚠/)).toHaveCount(1)
    await jet.check()
    await expect.poll(async () => (await picture(page)).hash).not.toBe(full.hash)
    await page.getByRole('radio', { name: /^Blue · white · red/ }).check()
    await expect.poll(async () => (await picture(page)).hash).toBe(full.hash)

    await expect(legend(page)).toContainText('99.5th percentile')
    await page.getByRole('radio', { name: /^Largest relevance/ }).check()
    await expect(legend(page)).toContainText('nothing clipped')
    await page.getByRole('radio', { name: /^99.5th percentile/ }).check()
    await page.getByRole('radio', { name: /^Pixelated/ }).check()
    await expect.poll(async () => (await picture(page)).hash).not.toBe(full.hash)
    await page.getByRole('radio', { name: /^Smooth/ }).check()
    await expect.poll(async () => (await picture(page)).hash).toBe(full.hash)
    await page.keyboard.press('Escape')
    await expect(jet).toBeHidden()
  })
})

test('H hides the heatmap while it is held', async ({ home }) => {
  const launched = await home.start()
  const { page } = launched
  await explained(page)
  await withoutComputing(launched, async () => {
    await stage(page).focus()
    const shown = await picture(page)
    await page.keyboard.down('h')
    await expect.poll(async () => (await picture(page)).hash).not.toBe(shown.hash)
    const held = await picture(page)
    expect(held.blue).toBe(0)
    await page.keyboard.up('h')
    await expect.poll(async () => (await picture(page)).hash).toBe(shown.hash)
    // Shift H puts it away for good, and brings it back.
    await page.keyboard.press('Shift+H')
    await expect.poll(async () => (await picture(page)).hash).toBe(held.hash)
    await expect(layer(page).getByRole('button', { name: /Heatmap/ })).toHaveAttribute(
      'aria-pressed',
      'false',
    )
    await page.keyboard.press('Shift+H')
    await expect.poll(async () => (await picture(page)).hash).toBe(shown.hash)
  })
})

test('how it was looked at is as it was after a restart', async ({ home }) => {
  const first = await home.start()
  await explained(first.page)
  await first.page.getByRole('slider', { name: 'Opacity' }).fill('40')
  await layer(first.page).getByLabel('Which evidence to show').selectOption('positive')
  await home.quit()
  const { page } = await home.start()
  await explained(page)
  await expect(page.getByRole('slider', { name: 'Opacity' })).toHaveValue('40')
  await expect(layer(page).getByLabel('Which evidence to show')).toHaveValue('positive')
})
