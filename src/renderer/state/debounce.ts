export interface Debounced {
  /** Runs the work once nothing has asked for it during the delay. */
  readonly soon: () => void
  /** Runs the work at once if it is waiting. */
  readonly flush: () => void
}

export function debounce(work: () => void, delayMs: number): Debounced {
  let timer: ReturnType<typeof setTimeout> | null = null
  function run(): void {
    timer = null
    work()
  }
  return {
    soon: () => {
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(run, delayMs)
    },
    flush: () => {
      if (timer === null) return
      clearTimeout(timer)
      run()
    },
  }
}
