import { expect, it } from 'vitest'
import { formatTable } from '../../src/cli/table'

it('aligns columns by characters and leaves no space at the ends of lines', () => {
  const table = formatTable(
    [
      { title: 'a', align: 'left' },
      { title: 'Σ', align: 'right' },
    ],
    [
      ['long', '1'],
      ['x', '−12'],
    ],
  )
  expect(table).toBe(['a       Σ', '────  ───', 'long    1', 'x     −12', ''].join('\n'))
})
