import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderReport } from '../../src/report/renderReport'
import { parseReport } from '../../src/report/json'
import { hashOf, ihcReport, withImage, type Fixture } from './fixtures'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function write(fixture: Fixture, name = 'report') {
  const pdfPath = join(folder, `${name}.pdf`)
  const jsonPath = join(folder, `${name}.json`)
  const progress: (readonly [number, number])[] = []
  const reply = await renderReport(
    { model: fixture.model, images: [...fixture.images], pdfPath, jsonPath },
    { progress: (_stage, done, total) => progress.push([done, total]) },
  )
  return { reply, progress, pdfPath, pdf: readFileSync(pdfPath), json: readFileSync(jsonPath) }
}

const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined

/** What a reader can find and copy; page after page, words by one space. */
function textOf(pdfPath: string): string {
  const { stdout } = spawnSync('pdftotext', [pdfPath, '-'], { encoding: 'utf8', maxBuffer: 1e9 })
  return stdout.replace(/\s+/gu, ' ')
}

describe('renderReport', () => {
  it('writes the same bytes for the same report', async () => {
    const fixture = ihcReport(folder)
    const first = await write(fixture, 'first')
    const second = await write(fixture, 'second')
    expect(second.pdf.equals(first.pdf)).toBe(true)
    expect(first.reply.pdfSha256).toBe(hashOf(first.pdf))
    expect(first.reply.jsonSha256).toBe(hashOf(first.json))
    expect(parseReport(first.json)).toEqual(fixture.model)
    expect(first.progress).toEqual([
      [0, 1],
      [1, 1],
    ])
    expect(readdirSync(folder).toSorted()).toEqual([
      'first.json',
      'first.pdf',
      'relevance.f32',
      'second.json',
      'second.pdf',
    ])
  })

  it('is a tagged PDF with title, language and alternative text', async () => {
    const { pdf } = await write(ihcReport(folder))
    const raw = pdf.toString('latin1')
    expect(raw.startsWith('%PDF-1.7')).toBe(true)
    expect(raw).toContain('/Marked true')
    expect(raw).toContain('/Lang (en-GB)')
    expect(raw).toContain('/DisplayDocTitle true')
    expect(raw).toContain('/S /Figure')
    expect(raw).toMatch(/\/Alt \(/)
    expect(raw).toContain('(D:20260714104207Z)')
  })

  it.skipIf(!hasPdftotext)(
    'can be searched; every page names the report and the JSON',
    async () => {
      const { pdfPath, reply } = await write(ihcReport(folder))
      const text = textOf(pdfPath)
      expect(text).toContain('Dr. Änne Müller-Groß')
      expect(text).toContain('Relevance balances at all 7 layers')
      expect(text).toContain('holds 31 % of the evidence for, 4 % against')
      expect(text).toContain('−') // the minus sign itself, not a hyphen
      const count = (needle: string) => text.split(needle).length - 1
      expect(count(`JSON sha256 ${reply.jsonSha256}`)).toBe(reply.pages)
      expect(count('Research use, not a medical device.')).toBeGreaterThanOrEqual(reply.pages)
      expect(count(`of ${reply.pages}`)).toBeGreaterThanOrEqual(reply.pages)
    },
  )

  it('leaves out an image that changed and still writes the report', async () => {
    const fixture = ihcReport(folder)
    const other = join(folder, 'other.png')
    writeFileSync(other, 'not the image')
    const images = fixture.images.map((image) => ({ ...image, path: other, relevancePath: null }))
    const { reply, pdf } = await write({ ...fixture, images })
    expect(reply.pages).toBeGreaterThan(2)
    expect(pdf.length).toBeLessThan(200_000)
  })

  it('writes nothing when the folder is gone', async () => {
    const { model, images } = ihcReport(folder)
    const jsonPath = join(folder, 'report.json')
    const pdfPath = join(folder, 'gone', 'report.pdf')
    await expect(
      renderReport({ model, images: [...images], pdfPath, jsonPath }, { progress: () => {} }),
    ).rejects.toMatchObject({ code: 'io' })
    expect(readdirSync(folder)).toEqual(['relevance.f32'])
  })
})

/** Everything a text field may hold and a page does not expect. */
const hostile =
  '<script>alert(1)</script> %PDF ) endobj \u0000\u0007\u202e שלום مرحبا 🧬👩‍🔬 \ud800 ' +
  `${'W'.repeat(300)} end of hostile text`

function hostileReport(): Fixture {
  return withImage(ihcReport(folder), (image) => {
    const [region] = image.review.regions
    const { explanation } = image
    if (!region || !explanation) throw new Error('The fixture has regions and is explained.')
    const regions = Array.from({ length: 500 }, (_, index) => ({
      ...region,
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      label: index === 0 ? hostile.slice(0, 200) : 'L'.repeat(index % 200),
      note: index === 1 ? `${'note '.repeat(1995)}end of note` : '',
      geometry:
        index % 2 === 0
          ? { kind: 'point', x: (index * 37) % 700, y: (index * 53) % 700 }
          : { kind: 'rectangle', x: -50 + index, y: index, width: 40, height: 20 },
    }))
    const comment = `${hostile}\n${'Sentence after sentence of a careful reviewer. '.repeat(600)}`
    const labelled = explanation.result.prediction.top.map((score) => ({
      ...score,
      label: `${score.label} ${'very long class name '.repeat(8)}`,
    }))
    return {
      ...image,
      name: `${'x'.repeat(180)}.png`,
      review: {
        regions,
        verdict: {
          ...image.review.verdict,
          comment: `${comment.slice(0, 19_970)} end of the comment`,
        },
      },
      explanation: {
        ...explanation,
        result: {
          ...explanation.result,
          prediction: { ...explanation.result.prediction, top: labelled },
        },
      },
    }
  })
}

describe('hostile and very long texts', () => {
  it('flow over pages, and the JSON keeps them as they were written', async () => {
    const fixture = hostileReport()
    const { reply, json, pdfPath } = await write(fixture)
    expect(reply.pages).toBeGreaterThan(25)
    expect(parseReport(json)).toEqual(fixture.model)
    if (!hasPdftotext) return
    const text = textOf(pdfPath)
    expect(text).toContain('<script>alert(1)</script> %PDF ) endobj')
    expect(text).toContain('end of hostile text')
    expect(text).toContain('end of note')
    expect(text).toContain('end of the comment')
    expect(text).toContain('are shown as □: U+')
    expect(text).not.toContain('\ufffd')
    expect(text.split('careful reviewer').length - 1).toBeGreaterThan(390)
  })
})
