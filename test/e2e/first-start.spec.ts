import { ask } from './support/ask'
import { expect, explained, signalEngine, test } from './support/journey'

/* The first start shows something worth seeing; the second shows the same and computes nothing. */

test('the first start opens on the tissue sample, explained', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('IHC colon, demonstration')
  await expect(page.getByTestId('ledger-line')).toHaveText(
    /Relevance balances at all \d+ layers \(\d·10⁻\S+\) · ledger/,
  )
  const says = page.getByRole('group', { name: /Classes by probability/ })
  await expect(says.getByRole('button')).toHaveCount(3)
  await expect(says.getByRole('button').first()).toHaveText(/DAB-positive\s*0\.\d\d/)
  await expect(says.getByRole('button').first()).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('group', { name: 'Legend of the heatmap' })).toContainText(
    'DAB-positive',
  )
  await expect(page.getByText(/^mean of \d+ tiles$/)).toBeVisible()
  const status = page.getByRole('contentinfo', { name: 'Status' })
  await expect(status).toContainText('512 × 512')
})

test('the second start shows the same without computing it again', async ({ home }) => {
  const first = await home.start()
  await explained(first.page)
  const status = first.page.getByRole('contentinfo', { name: 'Status' })
  const took = await status.getByTitle(/^Prediction/).innerText()
  await home.quit()

  const { app, page } = await home.start()
  // A stopped engine answers nothing: whatever shows comes from what was kept.
  await signalEngine(app, 'SIGSTOP')
  await explained(page)
  await expect(
    page.getByRole('contentinfo', { name: 'Status' }).getByTitle(/^Prediction/),
  ).toHaveText(took)
  await signalEngine(app, 'SIGCONT')
})

test('the start screen lists the samples, and each opens explained', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('Control+o')
  const cards = page.getByRole('list', { name: 'Recent sessions' }).getByRole('listitem')
  const summaries = await ask(page, 'sessions.list')
  expect(summaries).toHaveLength(3)
  // The last one offers a new session.
  await expect(cards).toHaveCount(summaries.length + 1)
  for (const { name, imageCount } of summaries) {
    await page.getByRole('button', { name, exact: true }).click()
    await explained(page)
    await expect(
      page.getByRole('listbox', { name: 'Images' }).getByRole('option').first(),
    ).toBeVisible()
    await expect(page.getByText(`0 / ${imageCount}`)).toBeVisible()
    await page.keyboard.press('Control+o')
  }
})
