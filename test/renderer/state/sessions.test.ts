import { describe, expect, it } from 'vitest'
import { neighbour, nextUnjudged } from '../../../src/renderer/state/sessions'
import { proposedName, whatIsMissing, type DraftState } from '../../../src/renderer/state/draft'
import { tileAt } from '../../../src/renderer/state/tiles'
import { chosenFileSchema, modelInspectionSchema } from '../../../src/shared/session'
import { card, ids, session } from '../actions/snapshotFixture'

const { images } = session
const [first, second, third] = images.map(({ id }) => id)

describe('moving through the worklist', () => {
  it('goes one step and stops at the ends', () => {
    expect(neighbour(images, second ?? null, 1)).toBe(third)
    expect(neighbour(images, third ?? null, 1)).toBeNull()
    expect(neighbour(images, first ?? null, -1)).toBeNull()
  })

  it('finds the next image without a verdict, from the start again after the end', () => {
    expect(nextUnjudged(images, first ?? null)).toBe(second)
    expect(nextUnjudged(images, third ?? null)).toBe(second)
    const done = images.map((image) => ({ ...image, decision: 'agree' as const }))
    expect(nextUnjudged(done, first ?? null)).toBeNull()
  })
})

describe('a session in the making', () => {
  const file = chosenFileSchema.parse({ token: ids[0], name: 'toy.onnx', bytes: 10 })
  const inspection = modelInspectionSchema.parse({
    token: ids[0],
    fileName: 'toy.onnx',
    sha256: 'a'.repeat(64),
    bytes: 10,
    origin: 'proposed',
    card,
    doubts: [],
    classOutputs: ['logits'],
    coverage: { nodes: [], supported: true },
    byGradient: null,
  })
  const ready: DraftState = {
    name: '',
    samples: [],
    model: file,
    inspecting: false,
    inspection,
    modelError: null,
    output: null,
    card,
    images: [file],
    missing: 'refuse',
  }

  it('says what is still missing, first things first', () => {
    expect(whatIsMissing(ready)).toBeNull()
    expect(whatIsMissing({ ...ready, images: [] })).toBe('Choose at least one image.')
    expect(whatIsMissing({ ...ready, images: [], card: null })).toBe('Confirm the model card.')
    expect(whatIsMissing({ ...ready, inspection: null })).toBe('Choose a model.')
    const refused = { ...inspection, coverage: { nodes: [], supported: false } }
    expect(whatIsMissing({ ...ready, inspection: refused })).toMatch(/cannot be explained/)
  })

  it('goes on with the gradient in place of missing rules, where that is possible and wanted', () => {
    const lacking = { ...inspection, coverage: { nodes: [], supported: false } }
    const possible = { ...ready, inspection: { ...lacking, byGradient: inspection.coverage } }
    expect(whatIsMissing(possible)).toMatch(/cannot be explained/)
    expect(whatIsMissing({ ...possible, missing: 'gradient' })).toBeNull()
    expect(whatIsMissing({ ...ready, inspection: lacking, missing: 'gradient' })).toMatch(
      /cannot be explained/,
    )
  })

  it('proposes a name from the model and the day', () => {
    expect(proposedName(ready, new Date(2026, 6, 14))).toBe('toy, 14 July 2026')
  })
})

describe('the tile under a click', () => {
  const tile = { width: 64, height: 48 }
  const image = { width: 100, height: 80 }

  it('has the click in its middle, in whole pixels', () => {
    // 60.4 − 32 = 28.4 → 28; 40 − 24 = 16
    expect(tileAt({ x: 60.4, y: 40 }, tile, image)).toEqual({ kind: 'tile', x: 28, y: 16 })
  })

  it('stays inside the image', () => {
    expect(tileAt({ x: 2, y: 79 }, tile, image)).toEqual({ kind: 'tile', x: 0, y: 32 })
    expect(tileAt({ x: 5, y: 5 }, tile, { width: 10, height: 10 })).toEqual({
      kind: 'tile',
      x: 0,
      y: 0,
    })
  })
})
