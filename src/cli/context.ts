/** Where a command writes; passed in, so that a command is a function of its arguments. */
export interface CommandContext {
  /** Results. */
  readonly out: (text: string) => void
  /** What the user should know beside them: one line each. */
  readonly warn: (line: string) => void
}

export type Command = (args: readonly string[], context: CommandContext) => Promise<void>
