/** Where a command writes; passed in, so that a command is a function of its arguments. */
export interface CommandContext {
  /** Results. */
  readonly out: (text: string) => void
  /** What the user should know beside them: one line each. */
  readonly warn: (line: string) => void
  /** How far the work is; shown only where someone looks on. `total` 0: not known. */
  readonly progress: (stage: string, done: number, total: number) => void
}

export type Command = (args: readonly string[], context: CommandContext) => Promise<void>
