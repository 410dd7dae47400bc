import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderReport } from '../../src/report/renderReport'
import { hashOf, ihcReport } from './fixtures'

const quiet = { progress: () => {} }
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('renderReport', () => {
  it('writes the same bytes for the same report', async () => {
    const { model, images } = ihcReport(folder)
    const write = async (name: string) => {
      const pdfPath = join(process.env.KEEP ?? folder, `${name}.pdf`)
      const jsonPath = join(process.env.KEEP ?? folder, `${name}.json`)
      const reply = await renderReport({ model, images: [...images], pdfPath, jsonPath }, quiet)
      return { reply, pdf: readFileSync(pdfPath), json: readFileSync(jsonPath) }
    }
    const first = await write('first')
    const second = await write('second')
    expect(second.pdf.equals(first.pdf)).toBe(true)
    expect(first.reply.pdfSha256).toBe(hashOf(first.pdf))
    expect(first.reply.jsonSha256).toBe(hashOf(first.json))
    expect(first.reply.pages).toBeGreaterThan(2)
  })
})
