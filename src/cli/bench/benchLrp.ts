import { parseArgs } from 'node:util'
import type { MethodName } from '../../shared/explanation/method'
import { computedBy } from '../../shared/explanation/provider'
import { parseRuntime, runtimeOptions } from '../runtime'
import { measureCompile, measureFiveClasses, measureRatio, type Settings } from './measure'
import { measureMemory } from './memory'
import { networks, type NetworkName } from './topologies'

/** What is measured, in the order of docs/benchmarks.md. */
const ratios: readonly (readonly [NetworkName, MethodName, batch: number])[] = [
  ['resnet50', 'epsilon-plus-flat', 1],
  ['resnet50', 'epsilon-plus-flat', 8],
  ['vgg16', 'epsilon-plus-flat', 1],
  ['vgg16', 'epsilon-plus-flat', 8],
  ['densenet121', 'epsilon-plus-flat', 1],
  ['mobilenet-v2', 'epsilon-plus-flat', 1],
  ['vgg16', 'epsilon-gamma-box', 1],
  ['resnet50', 'epsilon-gamma-box', 1],
  ['vgg16', 'epsilon', 1],
]
const cases = {
  'five-classes': ['resnet50', 'vgg16'],
  memory: ['vgg16', 'resnet50'],
  compile: ['resnet50', 'vgg16'],
} as const satisfies Record<string, readonly NetworkName[]>
const caseNames = ['five-classes', 'memory', 'compile'] as const

/**
 * Time of an explanation over time of the plain forward pass, in one process; and what five classes, memory
 * and compilation cost.
 * @param args `--json`, `--runs N`, `--model NAME`, `--batch N`, `--method NAME`, `--case NAME`, `--no-ledger`, `--provider NAME`, `--threads N`.
 */
export async function benchLrp(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      runs: { type: 'string', default: '9' },
      model: { type: 'string' },
      batch: { type: 'string' },
      method: { type: 'string' },
      case: { type: 'string' },
      'no-ledger': { type: 'boolean', default: false },
      ...runtimeOptions,
    },
  })
  const settings: Settings = {
    runs: Number(values.runs),
    ledger: !values['no-ledger'],
    runtime: parseRuntime(values),
  }
  const rows: object[] = []
  const add = (row: object, line: string): void => {
    rows.push(row)
    if (!values.json) print(line)
  }
  const wanted = (model: NetworkName): boolean =>
    values.model === undefined || values.model === model

  for (const [model, method, batch] of ratios) {
    const asked =
      wanted(model) &&
      values.case === undefined &&
      (values.batch === undefined || Number(values.batch) === batch) &&
      (values.method === undefined || values.method === method)
    if (!asked) continue
    const row = await measureRatio(networks[model](), method, batch, settings)
    add(
      { model, method, batch, ...row },
      `${label(model, method)} batch ${batch}  forward ${ms(row.forwardMs)}  explain ${ms(row.explainMs)}  ratio ${row.ratio.toFixed(2)}  ${computedBy(row)}`,
    )
    for (const notice of row.notices) if (!values.json) print(notice)
  }
  const casesAsked = values.batch === undefined && values.method === undefined
  for (const name of caseNames) {
    if (!casesAsked || (values.case !== undefined && values.case !== name)) continue
    for (const model of cases[name]) {
      if (!wanted(model)) continue
      if (name === 'five-classes') {
        const row = await measureFiveClasses(networks[model](), settings)
        add(
          { model, case: name, ...row },
          `${label(model, name)} one ${ms(row.oneMs)}  five ${ms(row.fiveMs)}  ratio ${row.ratio.toFixed(2)}`,
        )
      } else if (name === 'memory') {
        const row = await measureMemory(model)
        add(
          { model, case: name, ...row },
          `${label(model, name)} forward ${row.forwardMegabytes} MB  explain ${row.explainMegabytes} MB  ratio ${row.ratio.toFixed(2)}`,
        )
      } else {
        const row = await measureCompile(networks[model](), settings)
        add({ model, case: name, ...row }, `${label(model, name)} ${ms(row.milliseconds)}`)
      }
    }
  }
  if (values.json) print(JSON.stringify(rows))
}

function label(model: NetworkName, what: string): string {
  return `${model.padEnd(12)} ${what.padEnd(18)}`
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(6)} ms`
}
