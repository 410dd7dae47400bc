interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const clearLine = '\r\u001b[K'

/** One line that is written over, on a terminal only: files and pipes never see it. */
export function createProgressLine(terminal: Terminal) {
  let shown = false
  return {
    show(stage: string, done: number, total: number): void {
      if (!terminal.isTTY) return
      shown = true
      terminal.write(`${clearLine}${stage}${total > 1 ? ` ${done} of ${total}` : ''} …`)
    },
    clear(): void {
      if (shown) terminal.write(clearLine)
      shown = false
    },
  }
}
