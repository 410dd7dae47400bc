import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import { regionSchema, type Region } from '../../../src/shared/review/region'
import { applyCommand, commandName, type ReviewCommand } from '../../../src/shared/review/review'
import { emptyVerdict } from '../../../src/shared/review/verdict'
import { imageIdSchema, type ReviewState } from '../../../src/shared/session'
import { createNotices } from '../../../src/renderer/state/notices'
import { createReview } from '../../../src/renderer/state/review'
import {
  begin,
  confirm,
  emptyReviewState,
  entryOf,
  refuse,
  summary,
} from '../../../src/renderer/state/reviewEntry'
import { deferred, fakeMain, settle } from './fakeApi'

const imageId = imageIdSchema.parse('00000000-0000-4000-8000-000000000001')

function region(n: number, label = ''): Region {
  return regionSchema.parse({
    id: `00000000-0000-4000-8000-0000000000${n}0`,
    geometry: { kind: 'rectangle', x: n, y: n, width: 10, height: 10 },
    label,
    colour: '#ffd866',
    note: '',
    createdAt: '2026-07-14T10:00:00.000Z',
  })
}

const add = (n: number): ReviewCommand => ({ kind: 'add-region', region: region(n) })

/** What main would answer. */
function after(state: ReviewState, command: ReviewCommand): ReviewState {
  const { review } = applyCommand(state.review, command)
  return {
    review,
    undo: commandName(state.review, command),
    redo: null,
    savedAt: '2026-07-14T10:00:01.000Z',
  }
}

describe('a review between window and main', () => {
  it('shows a command before main has it, and keeps showing it once it has', () => {
    const begun = begin(entryOf(emptyReviewState), add(1))
    expect(begun.shown.review.regions).toHaveLength(1)
    expect(begun.base.review.regions).toHaveLength(0)
    const confirmed = confirm(begun, after(emptyReviewState, add(1)))
    expect(confirmed.pending).toEqual([])
    expect(confirmed.shown).toBe(confirmed.base)
  })

  it('takes back what main refuses and keeps what came after', () => {
    const two = begin(begin(entryOf(emptyReviewState), add(1)), add(2))
    const left = refuse(two)
    expect(left.shown.review.regions.map(({ id }) => id)).toEqual([region(2).id])
  })

  it('leaves out a later command that stood on a refused one', () => {
    const described: ReviewCommand = {
      kind: 'describe-region',
      id: region(1).id,
      patch: { label: 'gland' },
    }
    const entry = refuse(begin(begin(entryOf(emptyReviewState), add(1)), described))
    expect(entry.shown.review.regions).toEqual([])
    // Main answers it too, so it still has its place in the queue.
    expect(entry.pending).toEqual([described])
  })

  it('throws for a command that does not fit', () => {
    const missing: ReviewCommand = { kind: 'remove-region', id: region(1).id }
    expect(() => begin(entryOf(emptyReviewState), missing)).toThrow(AppError)
  })

  it('sums up what the worklist says', () => {
    expect(summary({ regions: [], verdict: emptyVerdict }).touched).toBe(false)
    expect(summary({ regions: [], verdict: { ...emptyVerdict, comment: '  ' } }).touched).toBe(
      false,
    )
    expect(summary({ regions: [region(1)], verdict: emptyVerdict })).toEqual({
      decision: null,
      regionCount: 1,
      touched: true,
    })
    expect(
      summary({ regions: [], verdict: { ...emptyVerdict, decision: 'unsure' } }).decision,
    ).toBe('unsure')
  })
})

describe('the review service', () => {
  it('sends commands one after the other, in order', async () => {
    let saved = emptyReviewState
    const first = deferred<null>()
    let calls = 0
    const { api, asked } = fakeMain({
      'review.apply': async ({ command }: { command: ReviewCommand }) => {
        calls += 1
        if (calls === 1) await first.promise
        saved = after(saved, command)
        return saved
      },
    })
    const review = createReview(api, createNotices(), () => undefined)
    review.apply(imageId, add(1))
    review.apply(imageId, add(2))
    await settle()
    expect(asked).toHaveLength(1)
    expect(review.store.getState().entries.get(imageId)?.shown.review.regions).toHaveLength(2)
    expect(review.store.getState().saving).toBe(2)
    first.resolve(null)
    await review.settled()
    expect(asked).toHaveLength(2)
    const entry = review.store.getState().entries.get(imageId)
    expect(entry?.pending).toEqual([])
    expect(entry?.shown.savedAt).toBe('2026-07-14T10:00:01.000Z')
    expect(review.store.getState().saving).toBe(0)
  })

  it('rolls back, says why, and goes on with the next command', async () => {
    const { api } = fakeMain({
      'review.apply': ({ command }: { command: ReviewCommand }) => {
        if (command.kind === 'add-region' && command.region.id === region(1).id) {
          throw new AppError('storage-full', 'The disk is full.', 'Make room.')
        }
        return after(emptyReviewState, command)
      },
    })
    const notices = createNotices()
    const changes: number[] = []
    const review = createReview(api, notices, (_id, { regions }) => changes.push(regions.length))
    review.apply(imageId, add(1))
    review.apply(imageId, add(2))
    await review.settled()
    const shown = review.store.getState().entries.get(imageId)?.shown.review.regions
    expect(shown?.map(({ id }) => id)).toEqual([region(2).id])
    expect(notices.store.getState().notices[0]).toMatchObject({
      tone: 'error',
      code: 'storage-full',
      hint: 'Make room.',
    })
    expect(changes.at(-1)).toBe(1)
  })

  it('undoes after what is still being saved', async () => {
    let saved = emptyReviewState
    const { api, asked } = fakeMain({
      'review.apply': ({ command }: { command: ReviewCommand }) => (saved = after(saved, command)),
      'review.undo': () => emptyReviewState,
    })
    const review = createReview(api, createNotices(), () => undefined)
    review.apply(imageId, add(1))
    review.undo(imageId)
    await review.settled()
    expect(asked.map(({ channel }) => channel)).toEqual(['review.apply', 'review.undo'])
    expect(review.store.getState().entries.get(imageId)?.shown).toEqual(emptyReviewState)
  })
})
