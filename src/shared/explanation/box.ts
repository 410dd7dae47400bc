/** One number for all channels, or one per channel. */
export type Bound = number | readonly number[]

/** Why two bounds of the network's input make no box; null when they do. */
export function boxProblem(low: Bound, high: Bound): string | null {
  const lows = [low].flat()
  const highs = [high].flat()
  const channels = Math.max(lows.length, highs.length)
  if ([lows, highs].some(({ length }) => length !== 1 && length !== channels)) {
    return `low is for ${lows.length} channels and high for ${highs.length}`
  }
  for (let channel = 0; channel < channels; channel++) {
    const [from, to] = [lows, highs].map((all) => (all.length === 1 ? all[0] : all[channel]))
    if (from === undefined || to === undefined || from <= to) continue
    return `low ${from} is above high ${to}${channels === 1 ? '' : ` in channel ${channel}`}`
  }
  return null
}
