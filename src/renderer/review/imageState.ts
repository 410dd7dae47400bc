import type { SessionImage } from '../../shared/session'

export interface ImageStateWords {
  readonly sign: string
  readonly word: string
  readonly tone: 'good' | 'bad' | 'warn' | 'soft'
}

/** How far the work on an image is: a sign, a word and a colour, so that no one of them is alone. */
export function imageState(image: SessionImage, current: boolean): ImageStateWords {
  switch (image.decision) {
    case 'agree':
      return { sign: '✓', word: 'agreed', tone: 'good' }
    case 'disagree':
      return { sign: '✕', word: 'disagreed', tone: 'bad' }
    case 'unsure':
      return { sign: '?', word: 'unsure', tone: 'warn' }
    case null:
      return current || image.touched
        ? { sign: '', word: 'in review', tone: 'soft' }
        : { sign: '', word: 'unread', tone: 'soft' }
  }
}

export const filters = ['all', 'open', 'agree', 'disagree', 'unsure'] as const
export type WorklistFilter = (typeof filters)[number]

export const filterWords: Readonly<Record<WorklistFilter, string>> = {
  all: 'all images',
  open: 'not yet judged',
  agree: '✓ agreed',
  disagree: '✕ disagreed',
  unsure: '? unsure',
}

export function passes(image: SessionImage, filter: WorklistFilter): boolean {
  if (filter === 'all') return true
  if (filter === 'open') return image.decision === null
  return image.decision === filter
}
