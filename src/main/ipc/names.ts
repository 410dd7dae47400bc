import { channels, type Channel, type EventName } from '../../shared/ipc/contract'

/** A channel's name inside Electron, apart from Electron's own. */
export function ipcName(channel: Channel | EventName): string {
  return `pixelwise:${channel}`
}

function isChannel(name: string): name is Channel {
  return Object.hasOwn(channels, name)
}

export function channelNames(): readonly Channel[] {
  return Object.keys(channels).filter(isChannel)
}
