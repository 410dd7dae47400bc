import { expect, it } from 'vitest'
import { createProgressLine } from '../../src/cli/progressLine'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

it('writes over one line on a terminal, and clears it before anything else is said', () => {
  const screen = terminal(true)
  const line = createProgressLine(screen)
  line.show('Explaining', 16, 841)
  line.show('Compiling', 0, 0)
  line.clear()
  line.clear()
  expect(screen.written.map((text) => text.replaceAll('\r\u001b[K', '<'))).toEqual([
    '<Explaining 16 of 841 …',
    '<Compiling …',
    '<',
  ])
})

it('is silent in files and pipes', () => {
  const pipe = terminal(false)
  const line = createProgressLine(pipe)
  line.show('Explaining', 16, 841)
  line.clear()
  expect(pipe.written).toEqual([])
})
