import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { reportModelSchema, type ReportModel } from '../../src/shared/report/model'
import { ask, opened } from './support/ask'
import { answerSaveDialog, explained, expect, inRoot, test, type Home } from './support/journey'
import type { Launched } from './support/launch'
import { drag } from './support/stage'

/* The report: what is written, and that anyone can compute it again. */

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Exports what is chosen on the report screen, and reads both files. */
async function exportReport(
  { app, page }: Launched,
  home: Home,
  name: string,
): Promise<{ readonly pdf: Buffer; readonly model: ReportModel }> {
  const path = join(home.temporary, `${name}.pdf`)
  await answerSaveDialog(app, path)
  await page.getByRole('button', { name: 'Export PDF and JSON…' }).click()
  await expect(page.getByText(`Saved ${name}.pdf and ${name}.json`)).toBeVisible({
    timeout: 60_000,
  })
  const json: unknown = JSON.parse(readFileSync(path.replace('.pdf', '.json'), 'utf8'))
  return { pdf: readFileSync(path), model: reportModelSchema.parse(json) }
}

const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0

async function openReport(page: Page): Promise<void> {
  await page.keyboard.press('Control+p')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Report: /)
}

test('PDF and JSON of one image say what was seen, marked and judged', async ({ home }) => {
  const launched = await home.start()
  const { page } = launched
  await explained(page)
  await page.keyboard.press('r')
  await drag(page, [
    [280, 330],
    [390, 470],
  ])
  await page.getByLabel('Label', { exact: true }).fill('Gland 3')
  await page.getByLabel('Label', { exact: true }).press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.press('y')
  await page.getByLabel('How sure are you?').selectOption('4')
  await page.getByLabel('Comment', { exact: true }).fill('As expected.')
  await page.getByLabel('Comment', { exact: true }).blur()
  const { image } = await opened(page)

  await openReport(page)
  const preview = page.getByRole('main', { name: 'Preview' })
  for (const words of ['Gland 3', 'As expected.', 'DAB-positive', image.sha256.slice(0, 8)])
    await expect(preview.getByText(words).first()).toBeVisible()
  const { pdf, model } = await exportReport(launched, home, 'one')
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.subarray(-7).toString()).toContain('%%EOF')
  expect(pages(pdf)).toBeGreaterThanOrEqual(1)

  const [reported] = model.images
  expect(reported?.sha256).toBe(sha256(readFileSync(inRoot('assets', 'samples', 'ihc', 'ihc.png'))))
  expect(model.model.sha256).toBe(
    sha256(readFileSync(inRoot('assets', 'samples', 'ihc', 'ihc-dab.onnx'))),
  )
  expect(reported?.review.verdict).toMatchObject({
    decision: 'agree',
    confidence: 4,
    comment: 'As expected.',
  })
  expect(reported?.review.regions).toMatchObject([{ label: 'Gland 3' }])
  expect(reported?.explanation?.evidence).toHaveLength(1)
  expect(reported?.explanation?.relevanceSha256).toMatch(/^[0-9a-f]{64}$/)
  expect(reported?.explanation?.result.ledger?.balanced).toBe(true)
  expect(reported?.explanation?.result.conventions.length).toBeGreaterThan(3)
  expect(model.model.cardSha256).toMatch(/^[0-9a-f]{64}$/)
  expect(model.audit.intact).toBe(true)
})

test('the whole session, and anyone can compute it again', async ({ home }) => {
  const launched = await home.start()
  const { page } = launched
  await explained(page)
  await page.keyboard.press('Control+o')
  const digits = (await ask(page, 'sessions.list')).find(({ modelName }) =>
    /lenet/i.test(modelName),
  )
  if (!digits) throw new Error('No sample uses the LeNet.')
  await page.getByRole('button', { name: digits.name, exact: true }).click()
  await explained(page)
  await page.keyboard.press('y')
  await page.keyboard.press('Enter')
  await explained(page)
  await page.keyboard.press('y')

  await openReport(page)
  await page.getByRole('radio', { name: 'The whole session' }).check()
  const { pdf, model } = await exportReport(launched, home, 'all')
  expect(pages(pdf)).toBeGreaterThanOrEqual(2)
  expect(model.images).toHaveLength(digits.imageCount)
  const explanations = model.images.filter(({ explanation }) => explanation !== null)
  expect(explanations.length).toBeGreaterThanOrEqual(2)

  // Nothing but what the report says, the files it names, and the command line.
  for (const { name, sha256: imageSha256, explanation } of explanations.slice(0, 2)) {
    if (!explanation) continue
    const folder = inRoot('assets', 'samples', 'mnist')
    const image = join(folder, 'digits', name)
    const onnx = join(folder, model.model.fileName)
    expect(sha256(readFileSync(image))).toBe(imageSha256)
    expect(sha256(readFileSync(onnx))).toBe(model.model.sha256)
    const { method, parameters } = explanation.result.spec
    const out = join(home.temporary, `again-${name}`)
    const run = spawnSync(
      process.execPath,
      [
        inRoot('out', 'main', 'cli.js'),
        'explain',
        ...['--model', onnx, '--input', image, '--method', method, '--out', out],
        ...['--class', String(explanation.result.explained.index)],
        ...Object.entries(parameters).flatMap(([key, value]) => [
          '--param',
          `${key}=${[value].flat().join(',')}`,
        ]),
      ],
      { encoding: 'utf8', timeout: 60_000 },
    )
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
    expect(sha256(npyData(readFileSync(join(out, 'relevance.npy'))))).toBe(
      explanation.relevanceSha256,
    )
  }
})

/** The array's bytes: what follows the header of a version 1 or 2 .npy file. */
function npyData(file: Buffer): Buffer {
  const long = (file[6] ?? 1) >= 2
  const header = long ? 12 + file.readUInt32LE(8) : 10 + file.readUInt16LE(8)
  return file.subarray(header)
}

test('cancelling the dialog writes nothing and says nothing', async ({ home }) => {
  const { app, page } = await home.start()
  await explained(page)
  await app.evaluate(({ dialog }) => {
    Reflect.set(dialog, 'showSaveDialog', () => Promise.resolve({ canceled: true, filePath: '' }))
  })
  await openReport(page)
  const button = page.getByRole('button', { name: 'Export PDF and JSON…' })
  await button.click()
  await expect(button).toBeEnabled()
  await expect(page.getByText(/^.? ?Saved /)).toHaveCount(0)
  await expect(page.getByRole('alert')).toBeEmpty()
  await page.getByRole('button', { name: '← Back to the images' }).click()
  await explained(page)
})

test('a folder that cannot be written to is said so, with what to do', async ({ home }) => {
  const { app, page } = await home.start()
  await explained(page)
  await answerSaveDialog(app, join(home.temporary, 'no such folder', 'report.pdf'))
  await openReport(page)
  await page.getByRole('button', { name: 'Export PDF and JSON…' }).click()
  const told = page.getByRole('alert').filter({ hasText: /\w/ })
  await expect(told).toBeVisible()
  await expect(told).not.toContainText(home.temporary)
  await expect(page.getByRole('button', { name: 'Export PDF and JSON…' })).toBeEnabled()
})
