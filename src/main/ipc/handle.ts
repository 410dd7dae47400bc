import { ipcMain, type WebContents } from 'electron'
import { events, type EventName, type EventPayload, type Reply } from '../../shared/ipc/contract'
import { answer, type AnswerOptions, type Handlers } from './answer'
import { channelNames, ipcName } from './names'

/**
 * The only door from a window into main: one Electron handler per channel of the contract.
 * `isKnown` says whether the contents belong to a window that main made.
 */
export function handleChannels(
  handlers: Handlers,
  isKnown: (contents: WebContents) => boolean,
  options: AnswerOptions,
): void {
  for (const channel of channelNames()) {
    ipcMain.handle(ipcName(channel), (event, payload: unknown): Promise<Reply> => {
      const frame = event.senderFrame
      return answer(
        channel,
        handlers,
        payload,
        {
          knownWindow: isKnown(event.sender),
          frame: frame === null ? null : { url: frame.url, main: frame.parent === null },
        },
        options,
      )
    })
  }
}

/** Tells a window something unasked; a window that is gone misses nothing. */
export function sendEvent<E extends EventName>(
  contents: WebContents | undefined,
  event: E,
  payload: EventPayload<E>,
): void {
  if (!contents || contents.isDestroyed()) return
  contents.send(ipcName(event), events[event].parse(payload))
}
