import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import type { ImageId } from '../../src/shared/session'
import { openStore } from '../../src/store'
import { newSession, region, relevance, result } from './samples'

/**
 * A program instance to be killed. `write` commits for ever and prints what it committed right
 * after each commit; `hold` opens the folder and waits.
 */
const [mode = 'write', folder = ''] = process.argv.slice(2)

const { store } = openStore({
  folder,
  nativeBinding: process.env.PIXELWISE_SQLITE_BINDING || undefined,
  now: () => new Date(),
  newId: randomUUID,
})

// A synchronous write: what is printed is what was committed, not what a buffer still holds.
const say = (line: string) => writeSync(1, `${line}\n`)

async function writeForEver(imageId: ImageId): Promise<never> {
  // Counts on over the lives of the program, so that a later one can be told from an earlier.
  let serial = store.explanations.latest(imageId)?.result.sumRelevance ?? 0
  for (let count = 0; ; count += 1) {
    const added = region()
    store.reviews.apply(imageId, { kind: 'add-region', region: added })
    say(`region ${added.id}`)
    if (count % 3 === 0) {
      serial += 1
      const values = relevance.map((value) => value * serial)
      await store.explanations.save(imageId, { ...result, sumRelevance: serial }, values)
      say(`explanation ${serial}`)
    }
  }
}

if (mode === 'hold') {
  say('open')
  setInterval(() => undefined, 1000)
} else {
  const id = store.sessions.list()[0]?.id ?? store.sessions.create(newSession())
  const [image] = store.sessions.open(id).images
  if (!image) throw new Error('the session has no image')
  say('open')
  await writeForEver(image.id)
}
