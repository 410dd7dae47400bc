import type { MethodName } from '../../shared/explanation/method'
import { parseMethod, parseOptions, wrong } from '../options'
import { parseRuntime, runtimeOptions } from '../runtime'
import type { Settings } from './measure'
import { networks, type NetworkName } from './topologies'

export const caseNames = ['five-classes', 'memory', 'compile'] as const
export type CaseName = (typeof caseNames)[number]

export interface Ratio {
  readonly model: NetworkName
  readonly method: MethodName
  readonly batch: number
}
export interface Case {
  readonly model: NetworkName
  readonly case: CaseName
}
export type Measurement = Ratio | Case

/** What is measured, in the order of docs/benchmarks.md. */
const all: readonly Measurement[] = [
  { model: 'resnet50', method: 'epsilon-plus-flat', batch: 1 },
  { model: 'resnet50', method: 'epsilon-plus-flat', batch: 8 },
  { model: 'vgg16', method: 'epsilon-plus-flat', batch: 1 },
  { model: 'vgg16', method: 'epsilon-plus-flat', batch: 8 },
  { model: 'densenet121', method: 'epsilon-plus-flat', batch: 1 },
  { model: 'mobilenet-v2', method: 'epsilon-plus-flat', batch: 1 },
  { model: 'vgg16', method: 'epsilon-gamma-box', batch: 1 },
  { model: 'resnet50', method: 'epsilon-gamma-box', batch: 1 },
  { model: 'vgg16', method: 'epsilon', batch: 1 },
  { model: 'resnet50', case: 'five-classes' },
  { model: 'vgg16', case: 'five-classes' },
  { model: 'vgg16', case: 'memory' },
  { model: 'resnet50', case: 'memory' },
  { model: 'resnet50', case: 'compile' },
  { model: 'vgg16', case: 'compile' },
]

export interface Plan {
  readonly json: boolean
  readonly settings: Settings
  readonly measurements: readonly Measurement[]
}

const mostRuns = 1000

/**
 * What the options leave of all that is measured.
 * @param args `--json`, `--runs N`, `--model NAME`, `--batch N`, `--method NAME`, `--case NAME`, `--no-ledger`, `--provider NAME`, `--threads N`.
 * @throws AppError `invalid-input`, also when they leave nothing: an empty list would look like a result.
 */
export function planOf(args: readonly string[]): Plan {
  const values = parseOptions(args, {
    json: { type: 'boolean' },
    runs: { type: 'string' },
    model: { type: 'string' },
    batch: { type: 'string' },
    method: { type: 'string' },
    case: { type: 'string' },
    'no-ledger': { type: 'boolean' },
    ...runtimeOptions,
  })
  const model = known(values.model, networkNames, 'model')
  const name = known(values.case, caseNames, 'case')
  const method = values.method === undefined ? undefined : parseMethod(values.method)
  const batch = wholeNumber(values.batch, 'batch')
  if (name !== undefined && (method !== undefined || batch !== undefined))
    throw wrong('--case stands for its own method and batch', 'Leave --method and --batch away.')
  const measurements = all.filter((each) => {
    if (model !== undefined && each.model !== model) return false
    if ('case' in each)
      return method === undefined && batch === undefined && (name ?? each.case) === each.case
    return (
      name === undefined &&
      (method ?? each.method) === each.method &&
      (batch ?? each.batch) === each.batch
    )
  })
  if (measurements.length === 0)
    throw wrong(
      'Nothing of that kind is measured',
      `What is measured: ${all.map(nameOf).join(', ')}.`,
    )
  return {
    json: values.json === true,
    settings: {
      runs: wholeNumber(values.runs, 'runs') ?? 9,
      ledger: values['no-ledger'] !== true,
      runtime: parseRuntime(values),
    },
    measurements,
  }
}

/** `vgg16 epsilon batch 1`, `vgg16 memory` */
function nameOf(each: Measurement): string {
  return 'case' in each
    ? `${each.model} ${each.case}`
    : `${each.model} ${each.method} batch ${each.batch}`
}

const networkNames = Object.keys(networks).filter((name): name is NetworkName => name in networks)

function known<T extends string>(
  value: string | undefined,
  names: readonly T[],
  option: string,
): T | undefined {
  if (value === undefined) return undefined
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw wrong(`--${option} is “${value}”, which is not measured`, `One of ${names.join(', ')}.`)
}

function wholeNumber(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0
  if (number >= 1 && number <= mostRuns) return number
  throw wrong(`--${option} is “${value}”, not a whole number from 1 to ${mostRuns}`)
}
