import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentText } from '../../src/report/document/blocks'
import { recomputeCommand, shellQuoted } from '../../src/report/document/command'
import { reportDocument } from '../../src/report/document/document'
import { ledgerText } from '../../src/report/document/phrases'
import { parseComposite } from '../../src/shared/explanation/compositeFile'
import { reportModelSchema } from '../../src/shared/report/model'
import { ihcReport, nothingSaid, withImage, type Fixture } from './fixtures'

let folder = ''
let fixture: Fixture
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
  fixture = ihcReport(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const textOf = ({ model }: Fixture) => documentText(reportDocument(model)).replaceAll('\u00a0', ' ')

function firstExplanation() {
  const explanation = fixture.model.images[0]?.explanation
  if (!explanation) throw new Error('The fixture is explained.')
  return explanation
}

describe('the report document', () => {
  it('holds every hash in full', () => {
    const text = textOf(fixture)
    const { model } = fixture
    const hashes = [
      model.model.sha256,
      model.model.cardSha256,
      model.audit.head,
      ...model.images.flatMap((image) => [image.sha256, image.explanation?.relevanceSha256 ?? '']),
    ]
    for (const hash of hashes) {
      expect(hash).toHaveLength(64)
      expect(text).toContain(hash)
    }
  })

  it('holds every convention, version and layer of the ledger', () => {
    const text = textOf(fixture)
    const { result } = firstExplanation()
    for (const { name, value } of result.conventions) expect(text).toContain(`${name}: ${value}`)
    for (const [name, value] of Object.entries(result.versions)) {
      expect(text).toContain(`${name}: ${value}`)
    }
    for (const { node } of result.ledger?.entries ?? []) expect(text).toContain(node)
    expect(text).toContain('Provider: CPU, 2 threads')
  })

  it('holds every region with its evidence in words, and the verdict', () => {
    const text = textOf(fixture)
    for (const region of fixture.model.images[0]?.review.regions ?? []) {
      expect(text).toContain(region.label === '' ? '3 | – | Polygon' : region.label)
      expect(text).toContain(region.note)
    }
    expect(text).toContain('20 735 | 7.9 % | holds 31 % of the evidence for, 4 % against')
    expect(text).toContain('holds 2 % of the evidence for, none against')
    expect(text).toContain('Decision: ✗ Disagrees with the model')
    expect(text).toContain('Right class: gland border (mixed)')
    expect(text).toContain('Confidence: 4 of 5 (sure)')
    expect(text).toContain('Explanation plausible: Partly')
    expect(text).toContain('the map follows the fold, not the stain.')
  })

  it('puts long notes below the region table in full', () => {
    const note = `${'A long note. '.repeat(20)}Its end.`
    const text = textOf(
      withImage(fixture, (image) => ({
        ...image,
        review: {
          ...image.review,
          regions: image.review.regions.map((region, index) =>
            index === 1 ? { ...region, note } : region,
          ),
        },
      })),
    )
    expect(text).toContain('| See below')
    expect(text).toContain(`Note on region 2: ${note}`)
  })

  it('holds the whole model card', () => {
    const text = textOf(fixture)
    const { card } = fixture.model.model
    for (const part of [card.name, card.task, card.trainingData, card.limits, card.licence]) {
      expect(part).toBeTruthy()
      expect(text).toContain(part)
    }
    for (const [index, label] of card.labels.entries()) expect(text).toContain(`${index} ${label}`)
    expect(text).toContain('mean 0.6727, 0.5928, 0.519; std 0.1477, 0.1925, 0.24')
  })

  it('counts the verdicts and names the reviewer on the first page', () => {
    const text = textOf(fixture)
    expect(text).toContain('Reviewer: Dr. Änne Müller-Groß')
    expect(text).toContain('Verdicts: 0 agreed, 1 disagreed, 0 unsure, 0 not judged')
    expect(text).toContain('Research use, not a medical device.')
  })

  it('states what was not said instead of leaving it out', () => {
    const text = textOf(
      withImage(fixture, (image) => ({ ...image, review: nothingSaid, explanation: null })),
    )
    expect(text).toContain('Decision: – Not judged')
    expect(text).toContain('Right class: Not applicable')
    expect(text).toContain('Comment: None')
    expect(text).toContain('No regions were marked.')
    expect(text).toContain('This image was not explained')
    expect(text).toContain('No image was explained.')
  })

  it('groups images by their conventions only where they differ', () => {
    const [image] = fixture.model.images
    if (!image?.explanation) throw new Error('The fixture is explained.')
    const { explanation } = image
    const other = {
      ...image,
      id: '0b7b2f4e-3c2b-4a55-8d6c-999999999999',
      explanation: {
        ...explanation,
        result: { ...explanation.result, conventions: [{ name: 'gradient', value: 'plain' }] },
      },
    }
    const model = reportModelSchema.parse({ ...fixture.model, images: [image, image, other] })
    const text = documentText(reportDocument(model))
    expect(text).toContain('Images 1, 2\nstabiliser: ')
    expect(text).toContain('Image 3\ngradient: plain')
  })

  it('tells contrast in both directions', () => {
    const { result } = firstExplanation()
    const contrast = withImage(fixture, (image) => ({
      ...image,
      explanation: {
        ...firstExplanation(),
        result: { ...result, against: result.prediction.top[1] },
      },
    }))
    const text = textOf(contrast)
    expect(text).toContain('Why “DAB-positive” and not “gland border (mixed)”?')
    expect(text).toContain('evidence for “gland border (mixed)” over “DAB-positive”')
    const [image] = contrast.model.images
    expect(image && recomputeCommand(contrast.model, image)).toContain('--class 0 --against 2')
  })
})

it('states the composite and where the gradient stood in for a rule', () => {
  const { result } = firstExplanation()
  const { ledger } = result
  if (!ledger) throw new Error('The fixture keeps a ledger.')
  const entries = ledger.entries.map((entry, index) =>
    index === 2 ? { ...entry, rule: 'gradient' } : entry,
  )
  const composite = parseComposite(
    '{"schema":"pixelwise-composite/1","name":"Mine","layers":[{"select":{},"apply":{"rule":"gamma"}}]}',
    'mine.json',
  )
  const spec = { ...result.spec, method: 'custom', parameters: {}, composite, missing: 'gradient' }
  const model = withImage(fixture, (image) => ({
    ...image,
    explanation: {
      ...firstExplanation(),
      result: { ...result, spec, ledger: { ...ledger, entries } },
    },
  }))
  const text = textOf(model)
  expect(text).toContain(
    'Method: custom, the composite “Mine”, default parameters, the gradient where a rule is missing',
  )
  expect(text).toContain('Rules: every layer: gamma 0.25')
  expect(text).toContain(
    'Without a rule: The gradient stands in for a missing rule at /pool1/pool1',
  )
  expect(text).toContain('"select":{"layer":"any"},"apply":{"rule":"gamma","gamma":0.25}')
})

describe('the command that computes it again', () => {
  it('names model, card, input, method, parameters, class and start', () => {
    const [image] = fixture.model.images
    const command = image && recomputeCommand(fixture.model, image)
    expect(command?.replace(/\s*\\\n\s*/g, ' ')).toBe(
      'pixelwise explain --model ihc-dab.onnx --card ihc-dab.card.json --input ihc.png ' +
        '--method epsilon-plus-flat --param epsilon=0.000001 --start logit --class 0 --threads 2 --out recomputed',
    )
  })

  it('quotes names that a shell would take apart', () => {
    expect(shellQuoted('a b.png')).toBe("'a b.png'")
    expect(shellQuoted("it's $(rm).png")).toBe(String.raw`'it'\''s $(rm).png'`)
    expect(shellQuoted('-rf')).toBe("'-rf'")
    expect(shellQuoted('')).toBe("''")
  })
})

it('says where a ledger does not balance, and that the map is not to be relied on', () => {
  const { ledger } = firstExplanation().result
  if (!ledger) throw new Error('The fixture keeps a ledger.')
  const entries = ledger.entries.map((entry, index) =>
    index === 3 ? { ...entry, relativeResidual: 0.02 } : entry,
  )
  const { result } = firstExplanation()
  const off = { ...ledger, entries, largestResidual: 0.02, balanced: false }
  const text = ledgerText({ ...result, ledger: off })
  expect(text).toContain('does not balance at 1 of 7 layers')
  expect(text).toContain('worst at /block1.conv1/block1.conv1')
  const gradient = { ...result.spec, method: 'gradient' as const }
  expect(ledgerText({ spec: gradient, ledger: null })).toContain('keep no ledger')
})
