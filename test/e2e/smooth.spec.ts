import { explained, expect, test } from './support/journey'

/* The window never stutters: heavy work happens elsewhere. */

/** Far above a frame, far below what a blocked window shows; slow machines have slow frames. */
const longestGapMs = 500

test('the window keeps animating while the engine explains the whole image', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.evaluate(() => {
    let last = performance.now()
    let longest = 0
    const frame = (now: number) => {
      longest = Math.max(longest, now - last)
      last = now
      document.body.dataset['longestGap'] = String(longest)
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  const legend = page.getByRole('group', { name: 'Legend of the heatmap' })
  const before = await legend.innerText()
  await page.getByLabel('Method', { exact: true }).selectOption('epsilon-alpha2-beta1')
  await expect.poll(() => legend.innerText()).not.toBe(before)
  await explained(page)
  const gap = Number(await page.evaluate(() => document.body.dataset['longestGap']))
  expect(gap).toBeGreaterThan(0)
  expect(gap).toBeLessThan(longestGapMs)
})
