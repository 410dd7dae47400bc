import type { Session, SessionId } from '../../shared/session'
import { isThere, locate } from '../files/locate'
import type { Services } from './services'

/** A session with a look at the disk: which of its files are still there, and as long as they were. */
export async function openSession(
  { store, resources }: Pick<Services, 'store' | 'resources'>,
  id: SessionId,
): Promise<Session> {
  const { sessions, images } = store()
  const session = sessions.open(id)
  const there = async (path: string, bytes: number | null): Promise<boolean> =>
    isThere(await locate(path, resources.samples), bytes)
  return {
    ...session,
    model: { ...session.model, available: await there(sessions.model(id).path, null) },
    images: await Promise.all(
      session.images.map(async (image) => ({
        ...image,
        available: await there(images.record(image.id).path, image.bytes),
      })),
    ),
  }
}
