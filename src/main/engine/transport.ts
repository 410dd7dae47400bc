/** A process that speaks the envelope of src/shared/ipc/engine.ts; what a test replaces. */
export interface Transport {
  readonly post: (message: unknown) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  /** Told once, whether the process ended by itself or was killed. */
  readonly onExit: (listener: () => void) => void
  /** Ends the process at once; a request in the middle of native code ends with it. */
  readonly kill: () => void
  /** Bytes of memory the process holds, where that is known. */
  readonly residentBytes: () => number | null
}

export type Spawn = () => Transport
