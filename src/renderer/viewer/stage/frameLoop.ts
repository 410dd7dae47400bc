/** Draws once in the next frame, however often it is asked; never when idle. */
export interface FrameLoop {
  readonly request: () => void
  readonly stop: () => void
}

/**
 * @param draw what to do in a frame; returns whether it wants the next one too.
 *   `elapsed` is the time since the last frame in milliseconds, at most 50.
 */
export function createFrameLoop(draw: (elapsed: number) => boolean): FrameLoop {
  let handle: number | null = null
  let last: number | null = null

  const frame = (now: number) => {
    handle = null
    const elapsed = last === null ? 16 : Math.min(50, now - last)
    last = now
    if (draw(elapsed)) request()
    else if (handle === null) last = null
  }
  const request = () => {
    handle ??= requestAnimationFrame(frame)
  }
  return {
    request,
    stop() {
      if (handle !== null) cancelAnimationFrame(handle)
      handle = null
    },
  }
}
