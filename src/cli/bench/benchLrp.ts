import { computedBy } from '../../shared/explanation/provider'
import type { RunsOn } from '../../engine/onnx/firstSound'
import { measureCompile, measureFiveClasses, measureRatio, type Settings } from './measure'
import { measureMemory } from './memory'
import { planOf, type Case, type Measurement } from './plan'
import { networks, type NetworkName } from './topologies'

/**
 * Time of an explanation over time of the plain forward pass, in one process; and what five classes, memory
 * and compilation cost.
 * @param args as `planOf` reads them.
 */
export async function benchLrp(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { json, settings, measurements } = planOf(args)
  const rows: object[] = []
  for (const measurement of measurements) {
    const { row, line } = await measured(measurement, settings)
    // Without its ledger an explanation is not what the application computes.
    rows.push({ ...measurement, ...row, ...(settings.ledger ? {} : { ledger: false }) })
    if (!json) for (const text of [line, ...row.notices]) print(text)
  }
  if (json) print(JSON.stringify(rows))
}

interface Measured {
  readonly row: RunsOn
  readonly line: string
}

async function measured(measurement: Measurement, settings: Settings): Promise<Measured> {
  if ('case' in measurement) return measuredCase(measurement, settings)
  const { model, method, batch } = measurement
  const row = await measureRatio(networks[model](), method, batch, settings)
  const line = `${label(model, method)} batch ${batch}  forward ${ms(row.forwardMs)}  explain ${ms(row.explainMs)}  ${ratioOf(row)}`
  return { row, line }
}

async function measuredCase({ model, case: name }: Case, settings: Settings): Promise<Measured> {
  const what = label(model, name)
  if (name === 'five-classes') {
    const row = await measureFiveClasses(networks[model](), settings)
    return { row, line: `${what} one ${ms(row.oneMs)}  five ${ms(row.fiveMs)}  ${ratioOf(row)}` }
  }
  if (name === 'memory') {
    const row = await measureMemory(model, settings)
    const line = `${what} forward ${row.forwardMegabytes} MB  explain ${row.explainMegabytes} MB  ${ratioOf(row)}`
    return { row, line }
  }
  const row = await measureCompile(networks[model](), settings)
  return { row, line: `${what} ${ms(row.milliseconds)}  ${computedBy(row)}` }
}

function ratioOf(row: RunsOn & { readonly ratio: number }): string {
  return `ratio ${row.ratio.toFixed(2)}  ${computedBy(row)}`
}

function label(model: NetworkName, what: string): string {
  return `${model.padEnd(12)} ${what.padEnd(18)}`
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(6)} ms`
}
