import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionIdSchema, regionSchema, type Region } from '../../../src/shared/review/region'
import {
  applyCommand,
  commandName,
  type Review,
  type ReviewCommand,
} from '../../../src/shared/review/review'
import { emptyVerdict } from '../../../src/shared/review/verdict'

const ids = Array.from({ length: 5 }, (_, n) =>
  regionIdSchema.parse(`0b7b2f4e-3c2b-4a55-8d6c-00000000000${n}`),
)

function region(at: number, label = ''): Region {
  return regionSchema.parse({
    id: ids[at],
    geometry: { kind: 'rectangle', x: at, y: at, width: 10, height: 5 },
    label,
    colour: '#ffd866',
    note: '',
    createdAt: '2026-01-15T09:30:00Z',
  })
}

const empty: Review = { regions: [], verdict: emptyVerdict }
const anyId = fc.constantFrom(...ids)

const command: fc.Arbitrary<ReviewCommand> = fc.oneof(
  fc.record({
    kind: fc.constant('add-region' as const),
    region: fc.integer({ min: 0, max: 4 }).map((at) => region(at)),
    index: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('remove-region' as const), id: anyId }),
  fc.record({
    kind: fc.constant('reshape-region' as const),
    id: anyId,
    geometry: fc.record({ kind: fc.constant('point' as const), x: fc.nat(), y: fc.nat() }),
  }),
  fc.record({
    kind: fc.constant('describe-region' as const),
    id: anyId,
    patch: fc.record({ label: fc.string(), note: fc.string() }, { requiredKeys: [] }),
  }),
  fc.record({
    kind: fc.constant('set-verdict' as const),
    patch: fc.record(
      {
        decision: fc.constantFrom('agree' as const, 'disagree' as const, 'unsure' as const, null),
        comment: fc.string(),
        confidence: fc.constantFrom(1, 3, 5, null),
      },
      { requiredKeys: [] },
    ),
  }),
)

/** Applies what can be applied; commands that name a missing region are skipped. */
function run(commands: readonly ReviewCommand[]): Review {
  return commands.reduce((review, next) => {
    try {
      return applyCommand(review, next).review
    } catch {
      return review
    }
  }, empty)
}

describe('the review reducer', () => {
  it('undo ∘ do = identity, and redo does it again, after any history', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), command, (history, next) => {
        const before = run(history)
        const frozen = structuredClone(before)
        let applied
        try {
          applied = applyCommand(before, next)
        } catch {
          return
        }
        expect(before).toEqual(frozen)
        const undone = applyCommand(applied.review, applied.inverse)
        expect(undone.review).toEqual(before)
        expect(applyCommand(undone.review, undone.inverse).review).toEqual(applied.review)
      }),
      { numRuns: 500, seed: 11 },
    )
  })

  it('keeps the drawing order when a region comes back from the middle', () => {
    const three = run([0, 1, 2].map((at) => ({ kind: 'add-region', region: region(at) })))
    const removed = applyCommand(three, { kind: 'remove-region', id: region(1).id })
    expect(removed.review.regions.map(({ id }) => id)).toEqual([ids[0], ids[2]])
    expect(applyCommand(removed.review, removed.inverse).review).toEqual(three)
  })

  it('refuses a region twice and a region that is not there', () => {
    const one = run([{ kind: 'add-region', region: region(0) }])
    expect(() => applyCommand(one, { kind: 'add-region', region: region(0) })).toThrow('exists')
    expect(() => applyCommand(one, { kind: 'remove-region', id: region(3).id })).toThrow(
      'no longer',
    )
  })

  it('names its commands for the undo menu', () => {
    const review = run([{ kind: 'add-region', region: region(0, 'Gland 1') }])
    expect(commandName(review, { kind: 'add-region', region: region(1) })).toBe('Add rectangle')
    expect(commandName(review, { kind: 'remove-region', id: region(0).id })).toBe(
      'Delete “Gland 1”',
    )
    expect(commandName(review, { kind: 'set-verdict', patch: { decision: 'agree' } })).toBe(
      'Set verdict',
    )
    expect(commandName(review, { kind: 'set-verdict', patch: { comment: '' } })).toBe(
      'Edit verdict',
    )
  })
})
