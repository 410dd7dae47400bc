import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { methodGroups } from '../../src/renderer/review/methodWords'
import { keepsLedger } from '../../src/shared/explanation/method'
import { quotientModel, quotientNode } from '../engine/support/quotientModel'
import { seriousFindings } from './support/accessibility'
import { ask, opened } from './support/ask'
import { answerOpenDialog, explained, expect, inRoot, test } from './support/journey'
import { takeScreenshot } from './support/screenshot'
import { click } from './support/stage'

/* Every method from its list, rules from a file, and the gradient where a rule is missing. */

const line = (page: Page) => page.getByTestId('ledger-line')
const legend = (page: Page) => page.getByRole('group', { name: 'Legend of the heatmap' })
const why = (page: Page) => page.getByRole('region', { name: 'Why' })
const method = (page: Page) => page.getByLabel('Method', { exact: true })
const rules = (page: Page) => page.getByRole('group', { name: 'Rules from a file' })
const composite = inRoot('assets', 'composites', 'gamma-early-epsilon-late.json')

/** One tile is enough to see that a method arrives. */
async function oneTile(page: Page): Promise<void> {
  await page.keyboard.press('t')
  await click(page, [[200, 200]])
  await expect(page.getByRole('button', { name: 'Tile at 168, 168' })).toBeVisible()
  await expect(line(page)).toContainText('balances')
}

test('every method of the list explains, and says what kind of answer it is', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await oneTile(page)
  // Known once the model has been looked at; the sample is a convolutional network.
  await expect(
    method(page).locator('option', { hasText: 'AttnLRP, for transformers' }),
  ).toBeAttached()
  const listed = methodGroups.flatMap(({ methods }) => methods).filter((name) => name !== 'custom')
  for (const name of listed) {
    await method(page).selectOption(name)
    await expect(why(page).getByRole('alert')).toHaveCount(0)
    await expect(why(page).getByRole('progressbar')).toHaveCount(0)
    await expect(line(page)).toContainText(keepsLedger(name) ? /balance/ : /no ledger/)
    await expect(legend(page)).toContainText('DAB-positive')
  }
  // What a method states of itself stands behind its line.
  await method(page).selectOption('integrated-gradients')
  await expect(line(page)).toContainText('The map’s sum misses the change of the score by')
  await line(page).click()
  const details = page.getByRole('dialog', { name: 'How the map was computed' })
  await expect(details).toContainText(/completeness residual, Σ R − \(f\(x\) − f\(b\)\)\s*[−\d]/)
  await takeScreenshot(page, 'numbers')
  await page.keyboard.press('Escape')
  await method(page).selectOption('attn-lrp')
  await expect(why(page).getByText('Made for transformers.')).toBeVisible()
  await method(page).selectOption('epsilon-plus-flat')
  await expect(why(page).getByText(/^Made for/)).toHaveCount(0)
})

test('“why A and not B” for every family, and parameters that say what they may be', async ({
  home,
}) => {
  const { page } = await home.start()
  await explained(page)
  await oneTile(page)
  await page
    .getByLabel('Which class to hold against it')
    .selectOption({ label: 'not counterstain only' })
  for (const name of ['epsilon', 'attn-lrp', 'input-x-gradient', 'smoothgrad', 'occlusion']) {
    await method(page).selectOption(name)
    await expect(why(page).getByRole('progressbar')).toHaveCount(0)
    await expect(legend(page)).toContainText(/counterstain only\s*← for →\s*DAB-positive/)
  }
  await why(page).getByText('Parameters').click()
  await why(page).getByLabel('Empty image').selectOption({ label: 'mean colour' })
  await why(page).getByLabel('Square').fill('16')
  await why(page).getByLabel('Square').press('Enter')
  const stride = why(page).getByLabel('Stride')
  await stride.fill('20')
  await expect(why(page).getByText(/stride of 20 is larger than the square of 16/)).toBeVisible()
  await expect(stride).toHaveAttribute('aria-invalid', 'true')
  await stride.fill('8')
  await stride.press('Enter')
  await expect(stride).toHaveAttribute('aria-invalid', 'false')
  await expect(line(page)).toContainText('Occlusion measures the score itself')
  await takeScreenshot(page, 'method-occlusion')
  const { session } = await opened(page)
  await expect
    .poll(async () => (await ask(page, 'sessions.open', { id: session.id })).view.parameters)
    .toEqual({ baseline: 'mean', patch: 16, stride: 8 })
})

test('the class starts with its logit or with 1, which the ledger and the session keep', async ({
  home,
}) => {
  const { page } = await home.start()
  await explained(page)
  await oneTile(page)
  const start = why(page).getByLabel('Starts with', { exact: true })
  const dialog = page.getByRole('dialog', { name: 'Conservation ledger' })
  await why(page).getByText('Parameters').click()
  await expect(start).toHaveValue('logit')
  await start.selectOption('1')
  await expect(line(page)).toContainText('balances')
  await page.keyboard.press('g')
  await expect(dialog).toContainText(/\b1(\.0+)? was given to the logits/)
  expect(await seriousFindings(page)).toEqual([])
  await takeScreenshot(page, 'start-of-one')
  await page.keyboard.press('Escape')
  const { session } = await opened(page)
  await expect
    .poll(async () => (await ask(page, 'sessions.open', { id: session.id })).view.start)
    .toBe('unit')
  // A gradient is that of the logit, whatever relevance starts with.
  await method(page).selectOption('gradient')
  await expect(start).toHaveCount(0)
  await method(page).selectOption('epsilon')
  await expect(start).toHaveValue('unit')
})

test('rules from a file: refused by the place, used, kept over a restart, reported', async ({
  home,
}) => {
  let { app, page } = await home.start()
  await explained(page)
  await oneTile(page)
  const wrong = join(home.temporary, 'wrong.json')
  writeFileSync(wrong, '{"schema":"pixelwise-composite/1","name":"x","layers":[{"select":{}}]}')
  await answerOpenDialog(app, [], [wrong], [composite])

  // Cancelled: as before.
  await method(page).selectOption('custom')
  await expect(method(page)).toHaveValue('epsilon-plus-flat')
  await method(page).selectOption('custom')
  await expect(page.getByText(/“wrong.json” .*layers\[0\]\.apply is missing/)).toBeVisible()
  await expect(method(page)).toHaveValue('epsilon-plus-flat')

  await method(page).selectOption('custom')
  await expect(rules(page)).toContainText('γ early, ε in the middle, 0 late')
  await expect(line(page)).toContainText('balances')
  await rules(page).getByText('4 rules').click()
  await expect(rules(page)).toContainText(/convolutions, layers 1 to 7\s*gamma 0.25/)
  expect(await seriousFindings(page)).toEqual([])
  await takeScreenshot(page, 'composite')
  await page.keyboard.press('g')
  const ledger = page.getByRole('dialog', { name: 'Conservation ledger' })
  await expect(ledger.getByRole('heading', { name: 'Rules from a file' })).toBeVisible()
  await expect(ledger.getByRole('table')).toContainText('Conv · wSquare')
  await page.keyboard.press('Escape')

  await home.quit()
  ;({ app, page } = await home.start())
  await explained(page)
  await expect(method(page)).toHaveValue('custom')
  await expect(rules(page)).toContainText('γ early, ε in the middle, 0 late')
  // Another method and back: the rules are still there, nobody is asked.
  await method(page).selectOption('epsilon')
  await expect(rules(page)).toHaveCount(0)
  await method(page).selectOption('custom')
  await expect(rules(page)).toBeVisible()
  await expect(why(page).getByRole('progressbar')).toHaveCount(0)
  await page.keyboard.press('Control+p')
  await expect(page.getByRole('main', { name: 'Preview' })).toContainText(
    'Rules from a file: “γ early, ε in the middle, 0 late”',
  )
})

test('a transformer is told apart, and gets the method that was made for it', async ({ home }) => {
  const model = join(home.temporary, 'small-vit.onnx')
  copyFileSync(inRoot('test', 'fixtures', 'goldens', 'vit_tiny', 'model.onnx'), model)
  const { app, page } = await home.start()
  await explained(page)
  await answerOpenDialog(app, [model], [inRoot('assets', 'samples', 'ihc', 'ihc.png')])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  const form = page.getByRole('form', { name: 'Model card to confirm' })
  await expect(form).toContainText('It is a transformer')
  await page.getByText('Every node and its rule').click()
  const nodes = page.getByRole('region', { name: 'Nodes and rules' })
  await page.getByLabel('Search the nodes').fill('softmax')
  await expect(nodes.getByRole('row')).not.toHaveCount(1)
  await expect(nodes.getByRole('row').nth(1)).toContainText('Softmax')
  await page.getByLabel('Which nodes to list').selectOption('constant')
  await expect(nodes).toContainText('No node is like that.')
  await page.getByLabel('Search the nodes').fill('')
  await expect(nodes.getByRole('row').nth(1)).toContainText('constant: computed once')
  await page.getByLabel('Which nodes to list').selectOption('all')
  expect(await seriousFindings(page)).toEqual([])
  await takeScreenshot(page, 'transformer-nodes')
  await form.getByRole('button', { name: 'Confirm this card' }).click()
  await page.getByRole('button', { name: 'Choose images…' }).click()
  await page.getByRole('button', { name: 'Begin the session' }).click()
  await explained(page)
  await expect(method(page)).toHaveValue('attn-lrp')
  await expect(line(page)).toContainText('balances')
  await expect(why(page).getByText(/^Made for/)).toHaveCount(0)
  await takeScreenshot(page, 'transformer')
  await method(page).selectOption('epsilon-plus')
  await expect(
    why(page).getByText('Made for convolutional networks; for this transformer try AttnLRP.'),
  ).toBeVisible()
  await takeScreenshot(page, 'transformer-mismatch')
})

test('a model with a missing rule: refused, then the gradient there, marked wherever it is seen', async ({
  home,
}) => {
  const model = join(home.temporary, 'quotient.onnx')
  const digit = join(home.temporary, 'digit.png')
  writeFileSync(model, quotientModel())
  copyFileSync(inRoot('assets', 'samples', 'mnist', 'digits', '3-1.png'), digit)
  const { app, page } = await home.start()
  await explained(page)
  await answerOpenDialog(app, [model], [digit])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'This model cannot be explained yet' })
  await expect(refusal).toContainText(quotientNode)
  await takeScreenshot(page, 'missing-rule-refused')
  await refusal.getByRole('button', { name: 'Use the gradient there' }).click()
  await expect(page.getByText(/One node has no rule and will take the gradient/)).toBeVisible()
  const nodes = page.getByRole('region', { name: 'Nodes and rules' })
  await expect(nodes.getByRole('row').nth(1)).toContainText('! gradient')
  expect(await seriousFindings(page)).toEqual([])
  await takeScreenshot(page, 'missing-rule-taken')
  await page.getByRole('button', { name: 'Confirm this card' }).click()
  await page.getByRole('button', { name: 'Choose images…' }).click()
  await page.getByRole('button', { name: 'Begin the session' }).click()
  await explained(page)
  await expect(legend(page)).toContainText('With the gradient at one node without a rule')
  await takeScreenshot(page, 'missing-rule-map')
  await page.keyboard.press('g')
  const ledger = page.getByRole('dialog', { name: 'Conservation ledger' })
  await expect(ledger).toContainText('The map was made with the gradient at one node')
  await expect(ledger.getByRole('row').filter({ hasText: quotientNode })).toContainText(
    'gradient, no rule',
  )
  await takeScreenshot(page, 'missing-rule-ledger')
  await page.keyboard.press('Escape')

  // A way back, and from there the error offers it again.
  await why(page).getByText('Parameters').click()
  await why(page).getByLabel('Missing rules').selectOption('refuse')
  const offered = why(page).getByRole('alert')
  await expect(offered).toContainText(quotientNode)
  expect(await seriousFindings(page)).toEqual([])
  await takeScreenshot(page, 'missing-rule-error')
  await offered.getByRole('button', { name: 'Use the gradient there' }).click()
  await expect(line(page)).toContainText('balance')
  await expect(legend(page)).toContainText('With the gradient at one node without a rule')
  await page.keyboard.press('Control+p')
  await expect(page.getByRole('main', { name: 'Preview' })).toContainText(
    'with the gradient at one node without a rule',
  )
  await takeScreenshot(page, 'missing-rule-report')
})
