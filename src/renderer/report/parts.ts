import type { ImageId, SessionImage } from '../../shared/session'

export const reportParts = ['image', 'judged', 'session'] as const
export type ReportPart = (typeof reportParts)[number]

export const partWords: Readonly<Record<ReportPart, string>> = {
  image: 'This image',
  judged: 'All judged images',
  session: 'The whole session',
}

/** The images that a part of the report covers, in the worklist's order. */
export function imagesOfPart(
  part: ReportPart,
  images: readonly SessionImage[],
  current: ImageId | null,
): readonly ImageId[] {
  const chosen = images.filter(({ id, decision }) => {
    if (part === 'image') return id === current
    return part === 'session' || decision !== null
  })
  return chosen.map(({ id }) => id)
}
