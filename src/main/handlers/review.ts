import type { AreaHandlers, Services } from './services'

export function reviewHandlers({ store }: Services): AreaHandlers<'review'> {
  return {
    'review.get': ({ imageId }) => store().reviews.get(imageId),
    'review.apply': ({ imageId, command }) => store().reviews.apply(imageId, command),
    'review.undo': ({ imageId }) => store().reviews.undo(imageId),
    'review.redo': ({ imageId }) => store().reviews.redo(imageId),
  }
}
