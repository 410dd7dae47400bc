import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { goldenModels } from './goldens'
import { measureParity, type ParityRow } from './parity'
import { parityText } from './table'

/**
 * Prints the parity table of every golden; `npm run parity [-- --json] [--model NAME] [--golden NAME]`.
 * The exit status is 1 where anything fails, or nothing was compared.
 */
const { values } = parseArgs({
  options: {
    goldens: { type: 'string', default: 'test/fixtures/goldens' },
    json: { type: 'boolean', default: false },
    model: { type: 'string' },
    golden: { type: 'string' },
  },
})
const asked = (name: string, wanted: string | undefined): boolean =>
  wanted === undefined || wanted === name

const rows: ParityRow[] = []
for (const model of goldenModels(resolve(values.goldens))) {
  if (!asked(model.name, values.model)) continue
  for (const file of model.files) {
    for (const golden of Object.keys(model.meta.goldens)) {
      if (asked(golden, values.golden)) rows.push(await measureParity(model, file, golden))
    }
  }
}
process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : parityText(rows))
process.exitCode = rows.length > 0 && rows.every(({ passed }) => passed) ? 0 : 1
