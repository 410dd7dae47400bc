import { AppError } from '../../../shared/errors'
import { batchSize } from '../../inference/batches'

interface Session {
  readonly inputShape: readonly number[]
  release(): Promise<void>
}

/** How many passes one sample takes, and the size of its picture. */
export interface Passes {
  readonly count: number
  readonly width: number
  readonly height: number
}

/**
 * A session with as many samples a run as its passes fill and a batch should hold; a model whose batch is
 * fixed keeps its own.
 * @param passesOf is told the shape of a sample; what it throws releases the session.
 */
export async function openFitting<S extends Session>(
  open: (batch: number) => Promise<S>,
  passesOf: (sampleShape: readonly number[]) => Passes,
): Promise<S> {
  const alone = await open(1)
  return orRelease(alone, async () => {
    const [ownBatch, ...sampleShape] = alone.inputShape
    const { count, ...picture } = passesOf(sampleShape)
    const batch = ownBatch === 1 ? batchSize(count, picture) : 1
    if (batch === 1) return alone
    const several = await openSeveral(open, batch)
    if (several === null) return alone
    await alone.release()
    return several
  })
}

/** Null for models that leave their batch open and are yet written for one sample at a time. */
async function openSeveral<S>(
  open: (batch: number) => Promise<S>,
  batch: number,
): Promise<S | null> {
  try {
    return await open(batch)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid-model') return null
    throw error
  }
}

/** What `make` throws releases the session. */
export async function orRelease<S extends Pick<Session, 'release'>, T>(
  session: S,
  make: (session: S) => T | Promise<T>,
): Promise<T> {
  try {
    return await make(session)
  } catch (error) {
    await session.release()
    throw error
  }
}
