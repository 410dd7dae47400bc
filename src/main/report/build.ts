import { AppError } from '../../shared/errors'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { ImageId, SessionId } from '../../shared/session'
import type { Services } from '../handlers/services'
import { measure } from './measure'

type Needs = Pick<Services, 'store' | 'program' | 'now' | 'newId'>

/**
 * Gathers what a report says, from what is saved and nothing else.
 * @throws AppError `not-found` when an image does not belong to the session.
 */
export async function buildReport(
  { store: opened, program, now, newId }: Needs,
  sessionId: SessionId,
  imageIds: readonly ImageId[],
): Promise<ReportModel> {
  const store = opened()
  const session = store.sessions.open(sessionId)
  const images: ReportImage[] = []
  for (const id of imageIds) {
    const image = session.images.find((candidate) => candidate.id === id)
    if (!image)
      throw new AppError('not-found', 'One of the images is not in this session any more.')
    const { review } = store.reviews.get(id)
    const latest = store.explanations.latest(id)
    let explanation: ReportImage['explanation'] = null
    if (latest) {
      const { result, relevanceSha256 } = latest
      const relevance = await store.explanations.relevance(relevanceSha256)
      const { view, evidence } = measure(relevance, result, review.regions, session.view)
      explanation = { result, relevanceSha256, view, evidence: [...evidence] }
      // Measuring takes milliseconds an image; what else waits goes first.
      await new Promise(setImmediate)
    }
    const { name, sha256, width, height } = image
    images.push({ id, name, sha256, width, height, review, explanation })
  }
  const { card, fileName, sha256, cardSha256 } = session.model
  return {
    schema: 'pixelwise-report/1',
    id: newId(),
    createdAt: now().toISOString(),
    program: { name: 'Pixelwise', version: program.version },
    session: { id: session.id, name: session.name },
    reviewer: store.settings.get().reviewer,
    model: { card, fileName, sha256, cardSha256 },
    images,
    audit: {
      entries: store.audit.count(),
      head: store.audit.head(),
      intact: store.audit.verify().intact,
    },
  }
}
