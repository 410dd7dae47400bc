import type { Channel, EventName } from '../../shared/ipc/contract'

/** A channel's name inside Electron, apart from Electron's own. */
export function ipcName(channel: Channel | EventName): string {
  return `pixelwise:${channel}`
}
