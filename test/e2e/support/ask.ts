import type { Page } from '@playwright/test'
import { z } from 'zod'
import { channels, type Channel, type ChannelResponse } from '../../../src/shared/ipc/contract'

const replied = z.object({ ok: z.literal(true), value: z.unknown() })

/** Asks main as the page would; throws when main refuses. */
export async function ask<C extends Channel>(
  page: Page,
  channel: C,
  request?: unknown,
): Promise<ChannelResponse<C>> {
  const reply = await page.evaluate(([name, payload]) => window.pixelwise.call[name](payload), [
    channel,
    request,
  ] as const)
  return channels[channel].response.parse(replied.parse(reply).value) as ChannelResponse<C>
}

/** The session that the program opens by itself, and its first image. */
export async function opened(page: Page) {
  const { openSession } = await ask(page, 'app.info')
  const session = await ask(page, 'sessions.open', { id: openSession })
  const [image] = session.images
  if (!image) throw new Error('the session has no image')
  return { session, image, imageId: image.id }
}
