import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Review, ReviewCommand } from '../../shared/review/review'
import type { ImageId, ReviewState } from '../../shared/session'
import type { Api } from '../api/client'
import type { Notices } from './notices'
import { begin, confirm, emptyReviewState, entryOf, refuse, type ReviewEntry } from './reviewEntry'

export interface ReviewStoreState {
  readonly entries: ReadonlyMap<ImageId, ReviewEntry>
  /** Calls to main that have not been answered. */
  readonly saving: number
}

export interface ReviewService {
  readonly store: StoreApi<ReviewStoreState>
  readonly load: (imageId: ImageId) => Promise<void>
  /** Shows the change at once and sends it; a refusal takes it back and says so. */
  readonly apply: (imageId: ImageId, command: ReviewCommand) => void
  readonly undo: (imageId: ImageId) => void
  readonly redo: (imageId: ImageId) => void
  /** Resolves when everything asked so far is on disk or refused. */
  readonly settled: () => Promise<void>
  readonly forget: () => void
}

export function createReview(
  api: Api,
  notices: Notices,
  onChange: (imageId: ImageId, review: Review) => void,
): ReviewService {
  const store = createStore<ReviewStoreState>(() => ({ entries: new Map(), saving: 0 }))
  // One after the other, so that main sees the commands in the order in which they were made.
  let queue: Promise<void> = Promise.resolve()

  function update(imageId: ImageId, change: (entry: ReviewEntry) => ReviewEntry): void {
    const before = store.getState().entries.get(imageId) ?? entryOf(emptyReviewState)
    const after = change(before)
    store.setState(({ entries }) => ({ entries: new Map(entries).set(imageId, after) }))
    if (after.shown.review !== before.shown.review) onChange(imageId, after.shown.review)
  }

  function enqueue(work: () => Promise<void>): void {
    store.setState(({ saving }) => ({ saving: saving + 1 }))
    queue = queue.then(work).finally(() => {
      store.setState(({ saving }) => ({ saving: saving - 1 }))
    })
  }

  function step(imageId: ImageId, channel: 'review.undo' | 'review.redo'): void {
    enqueue(async () => {
      try {
        const state: ReviewState = await api.call(channel, { imageId })
        update(imageId, (entry) => entryOf(state, entry.pending))
      } catch (thrown) {
        notices.fail(thrown)
      }
    })
  }

  return {
    store,
    load: async (imageId) => {
      await queue
      const state = await api.call('review.get', { imageId })
      update(imageId, (entry) => entryOf(state, entry.pending))
    },
    apply: (imageId, command) => {
      try {
        update(imageId, (entry) => begin(entry, command))
      } catch (thrown) {
        notices.fail(thrown)
        return
      }
      enqueue(async () => {
        try {
          const state = await api.call('review.apply', { imageId, command })
          update(imageId, (entry) => confirm(entry, state))
        } catch (thrown) {
          update(imageId, refuse)
          notices.fail(thrown)
        }
      })
    },
    undo: (imageId) => {
      step(imageId, 'review.undo')
    },
    redo: (imageId) => {
      step(imageId, 'review.redo')
    },
    settled: () => queue,
    forget: () => {
      store.setState({ entries: new Map() })
    },
  }
}
