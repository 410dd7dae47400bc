import type { ParityRow } from './parity'

const columns: readonly { readonly title: string; readonly of: (row: ParityRow) => string }[] = [
  { title: 'model', of: ({ model }) => model },
  { title: 'file', of: ({ file }) => file.replace('.onnx', '') },
  { title: 'golden', of: ({ golden }) => golden },
  { title: 'method', of: ({ method }) => method },
  { title: 'error', of: ({ error }) => exponential(error) },
  { title: 'tolerance', of: ({ tolerance }) => exponential(tolerance) },
  { title: 'ledger', of: ({ ledgerResidual }) => exponential(ledgerResidual) },
  { title: '', of: ({ passed, reason }) => (passed ? 'pass' : `FAIL: ${reason}`) },
]

/** Plain text, one line a row, and how many passed. */
export function parityText(rows: readonly ParityRow[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))] // prettier-ignore
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => line[c]?.length ?? 0)))
  const lines = cells.map((line) =>
    line
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const passed = rows.filter((row) => row.passed).length
  return `${lines.join('\n')}\n${passed} of ${rows.length} pass\n`
}

function exponential(value: number | null): string {
  return value === null ? '–' : value.toExponential(1)
}
