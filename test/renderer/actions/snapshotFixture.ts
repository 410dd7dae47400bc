import { modelCardSchema } from '../../../src/shared/card'
import { emptyVerdict } from '../../../src/shared/review/verdict'
import {
  sessionSchema,
  settingsSchema,
  viewStateSchema,
  type ReviewState,
} from '../../../src/shared/session'
import type { Snapshot } from '../../../src/renderer/actions/types'

export const card = modelCardSchema.parse({
  name: 'toy',
  version: '1',
  labels: ['cat', 'dog', 'newt'],
  input: {
    name: 'image',
    width: 64,
    height: 48,
    layout: 'NCHW',
    channels: 'RGB',
    scale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  },
  output: { name: 'logits', kind: 'logits' },
  fit: 'tile',
})

export const ids = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`)

/** Three images: the first agreed, the second and third open. */
export const session = sessionSchema.parse({
  id: '00000000-0000-4000-8000-0000000000aa',
  name: 'Toys',
  createdAt: '2026-07-14T10:00:00.000Z',
  updatedAt: '2026-07-14T10:00:00.000Z',
  sample: false,
  model: {
    sha256: 'a'.repeat(64),
    cardSha256: 'b'.repeat(64),
    card,
    fileName: 'toy.onnx',
    available: true,
  },
  images: [0, 1, 2].map((n) => ({
    id: ids[n],
    name: `image-${n}.png`,
    sha256: 'c'.repeat(64),
    width: 100,
    height: 80,
    bytes: 1000,
    available: true,
    decision: n === 0 ? 'agree' : null,
    regionCount: 0,
    touched: false,
  })),
  view: {},
})

export const reviewState: ReviewState = {
  review: { regions: [], verdict: emptyVerdict },
  undo: 'Add rectangle',
  redo: null,
  savedAt: null,
}

/** The second image in review, nothing selected, no dialog. */
export const inReviewSnapshot: Snapshot = {
  navigation: { screen: 'review', dialog: null },
  session,
  card,
  image: session.images[1] ?? null,
  index: 1,
  review: reviewState,
  explanation: null,
  stage: { tool: 'select', selectedId: null, peeking: false, scope: { kind: 'whole' } },
  view: viewStateSchema.parse({}),
  settings: settingsSchema.parse({}),
  importing: false,
}

export const atStartSnapshot: Snapshot = {
  ...inReviewSnapshot,
  navigation: { screen: 'start', dialog: null },
  session: null,
  card: null,
  image: null,
  index: -1,
  review: null,
}
