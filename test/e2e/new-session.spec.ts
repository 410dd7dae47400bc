import { copyFileSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { quotientModel } from '../engine/support/quotientModel'
import { twoOutputs } from '../engine/support/twoOutputs'
import { ask } from './support/ask'
import { answerOpenDialog, explained, expect, inRoot, test } from './support/journey'
import { takeScreenshot } from './support/screenshot'
import { stage } from './support/stage'

/* A session from files: chosen, dropped, refused, renamed, deleted. */

const samples = inRoot('assets', 'samples')
const lenet = join(samples, 'mnist', 'mnist_lenet.onnx')
const begin = (page: Page) => page.getByRole('button', { name: 'Begin the session' })

/** Copies the first digits into a folder. */
function someDigits(folder: string, count: number): string {
  const target = join(folder, 'digits')
  mkdirSync(target)
  for (const name of readdirSync(join(samples, 'mnist', 'digits')).slice(0, count)) {
    copyFileSync(join(samples, 'mnist', 'digits', name), join(target, name))
  }
  return target
}

/** Drops files on the window, as the system's file manager does. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  }
  await session.detach()
}

test('a model without a card: a proposal, its doubts, a confirmation, a folder', async ({
  home,
}) => {
  const model = join(home.temporary, 'unknown.onnx')
  copyFileSync(lenet, model)
  const digits = someDigits(home.temporary, 4)
  writeFileSync(join(digits, 'notes.txt'), 'no image, and not listed')
  const { app, page } = await home.start()
  await explained(page)
  await answerOpenDialog(app, [model], [digits])
  await page.keyboard.press('Control+n')
  await expect(begin(page)).toBeDisabled()
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  const form = page.getByRole('form', { name: 'Model card to confirm' })
  await expect(form).toContainText('No card lies beside this model')
  expect(await form.getByRole('listitem').count()).toBeGreaterThan(0)
  await expect(page.getByText(/All \d+ nodes can be explained/)).toBeVisible()
  await expect(form.getByLabel('Input width, pixels')).toHaveValue('28')

  // What cannot be is said at the field.
  await form.getByLabel('Input width, pixels').fill('none')
  await expect(form.getByRole('button', { name: 'Confirm this card' })).toBeDisabled()
  await form.getByLabel('Input width, pixels').fill('28')
  await form.getByRole('button', { name: 'Confirm this card' }).click()
  await expect(form.getByText('✓ Confirmed')).toBeVisible()

  await page.getByRole('button', { name: 'Choose a folder…' }).click()
  const chosen = page.getByRole('list', { name: 'Chosen images' }).getByRole('listitem')
  await expect(chosen).toHaveCount(4)
  await page.getByLabel('Name', { exact: true }).last().fill('My digits')
  await begin(page).click()
  await explained(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My digits')
  await expect(page.getByRole('listbox', { name: 'Images' }).getByRole('option')).toHaveCount(4)
  await expect(page.getByTestId('ledger-line')).toContainText('balances')
})

test('of a model with several outputs the expert says which holds the classes', async ({
  home,
}) => {
  const model = join(home.temporary, 'two.onnx')
  writeFileSync(model, twoOutputs())
  const { app, page } = await home.start()
  await explained(page)
  await answerOpenDialog(app, [model], [join(samples, 'mnist', 'digits', '3-1.png')])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  const form = page.getByRole('form', { name: 'Model card to confirm' })
  await expect(form).toContainText('which of its outputs holds the classes')
  const output = page.getByLabel('Output that holds the classes')
  await expect(output).toHaveValue('two')
  await expect(form.getByLabel('Labels, one a line')).toHaveValue('class 0\nclass 1')
  await takeScreenshot(page, 'several-outputs')
  await form.getByRole('button', { name: 'Confirm this card' }).click()

  // Another one: what was confirmed was about the first.
  await output.focus()
  await page.keyboard.press('ArrowDown')
  await expect(form.getByLabel('Labels, one a line')).toHaveValue('class 0\nclass 1\nclass 2')
  await expect(output).toBeFocused()
  await expect(begin(page)).toBeDisabled()
  await form.getByRole('button', { name: 'Confirm this card' }).click()
  await page.getByRole('button', { name: 'Choose images…' }).click()
  await begin(page).click()
  await explained(page)
  await expect(page.getByTestId('ledger-line')).toContainText('balances')
  await expect(page.getByText('class 2').first()).toBeVisible()
})

test('files dropped on the window begin a session', async ({ home }) => {
  const digits = someDigits(home.temporary, 3)
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('Control+o')
  await expect(page.getByRole('heading', { name: 'Sessions' })).toBeVisible()
  await drop(page, [lenet, digits])
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New session')
  // The card lies beside this one.
  await expect(page.getByRole('form', { name: 'Model card to confirm' })).toHaveCount(0)
  await expect(page.getByRole('list', { name: 'Chosen images' }).getByRole('listitem')).toHaveCount(
    3,
  )
  await expect(begin(page)).toBeEnabled()
  await begin(page).click()
  await explained(page)
  await expect(stage(page)).toHaveAccessibleName(/^Image 0-0/)
})

test('a model that cannot be explained is refused by its nodes', async ({ home }) => {
  const { app, page } = await home.start()
  await explained(page)
  const odd = join(home.temporary, 'odd.onnx')
  writeFileSync(odd, quotientModel())
  await answerOpenDialog(app, [odd])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'This model cannot be explained yet' })
  await expect(refusal).toContainText(/nodes? ha(s|ve) no rule/)
  // By the node's name and its operator.
  await expect(refusal.getByRole('listitem').first()).toContainText(/\S+ \(\w+\)/)
  await expect(page.getByText('This model cannot be explained yet.', { exact: true })).toBeVisible()
  await expect(begin(page)).toBeDisabled()

  const notOnnx = join(home.temporary, 'letter.onnx')
  writeFileSync(notOnnx, 'Dear colleague, this is no model.')
  await answerOpenDialog(app, [notOnnx])
  await page.getByRole('button', { name: 'Choose another…' }).first().click()
  await expect(
    page
      .getByRole('alert')
      .getByText(/not an? ONNX|ONNX model/)
      .first(),
  ).toBeVisible()
  await expect(begin(page)).toBeDisabled()
})

test('what is no image is named with its reason, and the others are kept', async ({ home }) => {
  const digits = someDigits(home.temporary, 2)
  const fake = join(digits, 'report.png')
  const empty = join(digits, 'scan.jpg')
  const cut = join(digits, 'cut.png')
  writeFileSync(fake, 'this is a text')
  writeFileSync(empty, '')
  copyFileSync(join(samples, 'ihc', 'ihc.png'), cut)
  truncateSync(cut, 5000)
  const { app, page } = await home.start()
  await explained(page)
  await answerOpenDialog(app, [lenet], [digits])
  await page.keyboard.press('Control+n')
  await page.getByRole('button', { name: 'Choose an ONNX model…' }).click()
  await page.getByRole('button', { name: 'Choose a folder…' }).click()
  await begin(page).click()
  const left = page.getByRole('dialog', { name: '3 files were left out' })
  for (const name of ['report.png', 'scan.jpg', 'cut.png']) {
    const row = left.getByRole('listitem').filter({ hasText: name })
    expect((await row.innerText()).length).toBeGreaterThan(name.length + 20)
  }
  await left.getByRole('button', { name: 'Go on with the others' }).click()
  await explained(page)
  await expect(page.getByRole('listbox', { name: 'Images' }).getByRole('option')).toHaveCount(2)
})

test('a session is renamed and deleted', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.keyboard.press('Control+o')
  await page.getByRole('button', { name: 'Rename IHC colon, demonstration' }).click()
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: 'Name' })
    .fill('Colon, second reading')
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('button', { name: 'Colon, second reading', exact: true }),
  ).toBeVisible()

  await page.getByRole('button', { name: 'Delete Colon, second reading' }).click()
  const asked = page.getByRole('dialog', { name: 'Delete “Colon, second reading”?' })
  await expect(asked.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('button', { name: 'Colon, second reading', exact: true }),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Delete Colon, second reading' }).click()
  await asked.getByRole('button', { name: 'Delete session' }).click()
  await expect(
    page.getByRole('button', { name: 'Colon, second reading', exact: true }),
  ).toBeHidden()
  expect((await ask(page, 'sessions.list')).map(({ name }) => name)).not.toContain(
    'Colon, second reading',
  )
})
