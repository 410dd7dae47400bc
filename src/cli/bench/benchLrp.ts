import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { MethodName } from '../../shared/explanation/method'
import { createClassifier, createExplainer } from '../../engine/lrp/explainer'
import { resnet50, vgg16 } from './topologies'

const networks = { resnet50, vgg16 } as const
type NetworkName = keyof typeof networks

interface Measured {
  readonly model: NetworkName
  readonly method: MethodName
  readonly batch: number
  /** Median milliseconds of the plain forward pass. */
  readonly forwardMs: number
  /** Median milliseconds of the compiled explanation, ledger included. */
  readonly explainMs: number
  readonly ratio: number
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle - 1)] ?? 0)) / 2
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function measure(
  model: NetworkName,
  batch: number,
  runs: number,
  ledger: boolean,
): Promise<Measured> {
  const method = 'epsilon-plus-flat'
  const bytes = networks[model]()
  const classifier = await createClassifier(bytes, batch)
  const explainer = await createExplainer(bytes, {
    method,
    parameters: {},
    start: 'logit',
    batch,
    ledger,
  })
  const input = Float32Array.from({ length: batch * 3 * 224 * 224 }, (_, at) => Math.sin(at * 0.7))
  const mask = new Float32Array(batch * explainer.classCount)
  for (let sample = 0; sample < batch; sample++) mask[sample * explainer.classCount] = 1
  const forward: number[] = []
  const explain: number[] = []
  // Interleaved, so that a noisy moment hits both; the first round only warms up.
  for (let run = 0; run <= runs; run++) {
    const forwardMs = await time(() => classifier.run(input))
    const explainMs = await time(() => explainer.run(input, mask))
    if (run === 0) continue
    forward.push(forwardMs)
    explain.push(explainMs)
  }
  await classifier.release()
  await explainer.release()
  const forwardMs = median(forward)
  const explainMs = median(explain)
  return { model, method, batch, forwardMs, explainMs, ratio: explainMs / forwardMs }
}

/**
 * Time of `epsilon-plus-flat` over time of the plain forward pass, in one process.
 * @param args `--json`, `--runs N`, `--model NAME`, `--batch N`, `--no-ledger`.
 */
export async function benchLrp(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      runs: { type: 'string', default: '7' },
      model: { type: 'string' },
      batch: { type: 'string' },
      'no-ledger': { type: 'boolean', default: false },
    },
  })
  const results: Measured[] = []
  for (const model of ['resnet50', 'vgg16'] as const) {
    if (values.model !== undefined && values.model !== model) continue
    for (const batch of [1, 8]) {
      if (values.batch !== undefined && Number(values.batch) !== batch) continue
      const result = await measure(model, batch, Number(values.runs), !values['no-ledger'])
      results.push(result)
      if (!values.json) {
        print(
          `${model.padEnd(9)} batch ${batch}  forward ${result.forwardMs.toFixed(0).padStart(6)} ms` +
            `  ${result.method} ${result.explainMs.toFixed(0).padStart(6)} ms  ratio ${result.ratio.toFixed(2)}`,
        )
      }
    }
  }
  if (values.json) print(JSON.stringify(results))
}
