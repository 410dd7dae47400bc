import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Geometry } from '../../src/shared/review/region'
import {
  applyCommand,
  commandName,
  type Review,
  type ReviewCommand,
} from '../../src/shared/review/review'
import { emptyVerdict } from '../../src/shared/review/verdict'
import { createSession, open, region, steppingClock, temporaryFolder } from './support'

const comment = (text: string): ReviewCommand => ({ kind: 'set-verdict', patch: { comment: text } })

describe('reviews', () => {
  it('names what undo and redo would do, over a reopen', () => {
    const folder = temporaryFolder()
    const first = open(folder).store
    const { imageId } = createSession(first)
    expect(first.reviews.get(imageId)).toEqual({
      review: { regions: [], verdict: emptyVerdict },
      undo: null,
      redo: null,
      savedAt: null,
    })
    first.reviews.apply(imageId, { kind: 'add-region', region: region() })
    first.reviews.apply(imageId, { kind: 'set-verdict', patch: { decision: 'agree' } })
    const undone = first.reviews.undo(imageId)
    expect(undone).toMatchObject({ undo: 'Add rectangle', redo: 'Set verdict' })
    first.close()

    const { store } = open(folder)
    expect(store.reviews.get(imageId)).toEqual(undone)
    expect(store.reviews.redo(imageId)).toMatchObject({ undo: 'Set verdict', redo: null })
    expect(store.audit.entries().map(({ kind }) => kind)).toEqual([
      'session.create',
      'review.apply',
      'review.apply',
      'review.undo',
      'review.redo',
    ])
    expect(store.audit.entries()[3]?.payload).toMatchObject({ name: 'Undo Set verdict' })
  })

  it('leaves everything as it is when there is nothing to undo or redo', () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    const before = store.reviews.get(imageId)
    expect(store.reviews.undo(imageId)).toEqual(before)
    expect(store.reviews.redo(imageId)).toEqual(before)
    expect(store.audit.count()).toBe(1)
  })

  it('drops the redo steps at a new command and says so in the audit trail', () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    store.reviews.apply(imageId, { kind: 'add-region', region: region() })
    store.reviews.apply(imageId, { kind: 'set-verdict', patch: { decision: 'agree' } })
    store.reviews.undo(imageId)
    store.reviews.undo(imageId)
    const state = store.reviews.apply(imageId, comment('anew'))
    expect(state).toMatchObject({ undo: 'Edit verdict', redo: null })
    expect(store.audit.entries().at(-1)?.payload).toMatchObject({
      dropped: ['Add rectangle', 'Set verdict'],
    })
  })

  it('joins comment edits within two seconds into one undo step, saving each', () => {
    const { store } = open(temporaryFolder(), { now: steppingClock(1) })
    const { imageId } = createSession(store)
    for (const text of ['a', 'ab', 'abc']) store.reviews.apply(imageId, comment(text))
    expect(store.audit.count()).toBe(4)
    expect(store.reviews.undo(imageId)).toMatchObject({
      review: { verdict: { comment: '' } },
      undo: null,
    })
    expect(store.reviews.redo(imageId).review.verdict.comment).toBe('abc')
    // After going back and forth the next edit is a step of its own.
    store.reviews.apply(imageId, comment('abcd'))
    expect(store.reviews.undo(imageId).review.verdict.comment).toBe('abc')
  })

  it('keeps apart comment edits that are further apart, or parted by another change', () => {
    const slow = open(temporaryFolder(), { now: steppingClock(2001) }).store
    const slowImage = createSession(slow).imageId
    slow.reviews.apply(slowImage, comment('a'))
    slow.reviews.apply(slowImage, comment('ab'))
    expect(slow.reviews.undo(slowImage).review.verdict.comment).toBe('a')

    const quick = open(temporaryFolder(), { now: steppingClock(1) }).store
    const quickImage = createSession(quick).imageId
    quick.reviews.apply(quickImage, comment('a'))
    quick.reviews.apply(quickImage, { kind: 'set-verdict', patch: { confidence: 5 } })
    quick.reviews.apply(quickImage, comment('ab'))
    expect(quick.reviews.undo(quickImage).review.verdict.comment).toBe('a')
  })

  it('does not join a comment edit to one from before an undo', () => {
    const { store } = open(temporaryFolder(), { now: steppingClock(1) })
    const { imageId } = createSession(store)
    store.reviews.apply(imageId, comment('a'))
    store.reviews.apply(imageId, { kind: 'add-region', region: region() })
    store.reviews.undo(imageId)
    store.reviews.apply(imageId, comment('ab'))
    expect(store.reviews.undo(imageId).review.verdict.comment).toBe('a')
  })

  it('keeps the drawing order over removals and insertions', () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((label) => region({ label }))
    const labels = () => store.reviews.get(imageId).review.regions.map(({ label }) => label)
    if (!a || !b || !c || !d) throw new Error('four regions were made')
    for (const added of [a, b, c]) {
      store.reviews.apply(imageId, { kind: 'add-region', region: added })
    }
    store.reviews.apply(imageId, { kind: 'remove-region', id: a.id })
    store.reviews.apply(imageId, { kind: 'add-region', region: d, index: 1 })
    expect(labels()).toEqual(['b', 'd', 'c'])
    store.reviews.undo(imageId)
    store.reviews.undo(imageId)
    expect(labels()).toEqual(['a', 'b', 'c'])
  })

  it('refuses a command it could not read back and changes nothing', () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    const marked = region()
    store.reviews.apply(imageId, { kind: 'add-region', region: marked })
    const before = store.reviews.get(imageId)
    const wrong: ReviewCommand[] = [
      { kind: 'add-region', region: marked },
      { kind: 'add-region', region: { ...region(), colour: 'red' } },
      { kind: 'remove-region', id: region().id },
      { kind: 'reshape-region', id: marked.id, geometry: { kind: 'point', x: Infinity, y: 0 } },
      { kind: 'set-verdict', patch: { confidence: 9 } },
    ]
    for (const command of wrong) {
      expect(() => store.reviews.apply(imageId, command)).toThrow(
        expect.objectContaining({ name: 'AppError' }),
      )
    }
    expect(store.reviews.get(imageId)).toEqual(before)
    expect(store.audit.count()).toBe(2)
  })

  it('writes the reviewer of the settings into each audit entry', () => {
    const { store } = open(temporaryFolder())
    const { imageId } = createSession(store)
    store.settings.set({ ...store.settings.get(), reviewer: 'Dr Ada' })
    store.reviews.apply(imageId, comment('seen'))
    store.settings.set({ ...store.settings.get(), reviewer: 'Dr Bo \ud800' })
    store.reviews.apply(imageId, comment('seen again'))
    expect(store.audit.entries().map(({ reviewer }) => reviewer)).toEqual(['', 'Dr Ada', 'Dr Bo �'])
    expect(store.audit.verify().intact).toBe(true)
  })
})

/** What one might do next; `pick` chooses among the regions that are there. */
type Intent =
  | { readonly kind: 'undo' | 'redo' | 'reopen' }
  | { readonly kind: 'add'; readonly id: string; readonly geometry: Geometry; readonly at: number }
  | { readonly kind: 'remove'; readonly pick: number }
  | { readonly kind: 'reshape'; readonly pick: number; readonly geometry: Geometry }
  | {
      readonly kind: 'describe'
      readonly pick: number
      readonly label: string
      readonly note: string
    }
  | {
      readonly kind: 'judge'
      readonly patch: Extract<ReviewCommand, { kind: 'set-verdict' }>['patch']
    }

const number = fc.double({ min: -1e4, max: 1e4, noNaN: true })
const length = fc.double({ min: 0, max: 1e4, noNaN: true })
const point = fc.record({ x: number, y: number })
const points = fc.array(point, { minLength: 3, maxLength: 6 })
const box = { x: number, y: number, width: length, height: length }
const geometry: fc.Arbitrary<Geometry> = fc.oneof(
  fc.record({ kind: fc.constant('point' as const), x: number, y: number }),
  fc.record({ kind: fc.constantFrom('rectangle' as const, 'ellipse' as const), ...box }),
  fc.record({ kind: fc.constantFrom('polygon' as const, 'freehand' as const), points }),
)
// Every code point, NUL and the astral ones too.
const text = fc.string({ unit: 'binary', maxLength: 20 })
const pick = fc.nat(50)
const intent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      id: fc.uuid({ version: 4 }),
      geometry,
      at: pick,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reshape' as const), pick, geometry }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('describe' as const),
      pick,
      label: text,
      note: text,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('judge' as const),
      patch: fc.record(
        {
          decision: fc.constantFrom('agree' as const, 'disagree' as const, 'unsure' as const, null),
          correctClass: fc.option(fc.nat(999)),
          confidence: fc.option(fc.integer({ min: 1, max: 5 })),
          plausible: fc.constantFrom('yes' as const, 'partly' as const, 'no' as const, null),
          comment: text,
        },
        { requiredKeys: [] },
      ),
    }),
  },
)

function toCommand(review: Review, wish: Intent): ReviewCommand | null {
  const at = 'pick' in wish ? review.regions[wish.pick % Math.max(1, review.regions.length)] : null
  switch (wish.kind) {
    case 'add':
      return {
        kind: 'add-region',
        region: region({ id: wish.id, geometry: wish.geometry }),
        // Beyond the end, too: the reducer takes that as the end.
        index: wish.at % (review.regions.length + 3),
      }
    case 'remove':
      return at ? { kind: 'remove-region', id: at.id } : null
    case 'reshape':
      return at ? { kind: 'reshape-region', id: at.id, geometry: wish.geometry } : null
    case 'describe':
      return at
        ? { kind: 'describe-region', id: at.id, patch: { label: wish.label, note: wish.note } }
        : null
    case 'judge':
      return { kind: 'set-verdict', patch: wish.patch }
    case 'undo':
    case 'redo':
    case 'reopen':
      return null
  }
}

/** The same review kept in memory by the pure reducer alone: the slow twin. */
function createTwin() {
  interface Step {
    readonly name: string
    readonly command: ReviewCommand
    readonly inverse: ReviewCommand
  }
  let review: Review = { regions: [], verdict: emptyVerdict }
  let done: Step[] = []
  let undone: Step[] = []
  const state = () => ({
    review,
    undo: done.at(-1)?.name ?? null,
    redo: undone.at(-1)?.name ?? null,
  })
  return {
    state,
    apply: (command: ReviewCommand) => {
      const name = commandName(review, command)
      const applied = applyCommand(review, command)
      review = applied.review
      done.push({ name, command, inverse: applied.inverse })
      undone = []
    },
    undo: () => {
      const step = done.at(-1)
      if (!step) return
      done = done.slice(0, -1)
      undone.push(step)
      review = applyCommand(review, step.inverse).review
    },
    redo: () => {
      const step = undone.at(-1)
      if (!step) return
      undone = undone.slice(0, -1)
      done.push(step)
      review = applyCommand(review, step.command).review
    },
  }
}

/** -0 is written as 0 in JSON, so that is what both sides hold. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('reviews, any sequence of changes', () => {
  it(
    'is on disk what the pure reducer says, whenever the program is closed and opened',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(fc.array(intent, { minLength: 5, maxLength: 30, size: 'max' }), (wishes) => {
          const folder = temporaryFolder()
          const now = steppingClock()
          let { store } = open(folder, { now })
          const { imageId } = createSession(store)
          const twin = createTwin()
          for (const wish of wishes) {
            const kind = wish.kind
            const command = toCommand(twin.state().review, wish)
            if (kind === 'undo' || kind === 'redo') {
              twin[kind]()
              store.reviews[kind](imageId)
            } else if (kind === 'reopen') {
              store.close()
              store = open(folder, { now }).store
            } else if (command) {
              const id = command.kind === 'add-region' ? command.region.id : null
              if (twin.state().review.regions.some((existing) => existing.id === id)) continue
              const before = store.reviews.get(imageId).review
              const after = store.reviews.apply(imageId, command).review
              expect(store.reviews.undo(imageId).review).toEqual(before)
              expect(store.reviews.redo(imageId).review).toEqual(after)
              twin.apply(command)
            }
            const { savedAt: _, ...state } = store.reviews.get(imageId)
            expect(state).toEqual(asJson(twin.state()))
          }
          expect(store.audit.verify()).toEqual({ intact: true, firstBroken: null })
          store.close()
        }),
        { numRuns: 25 },
      )
    },
  )
})
