import { performance } from 'node:perf_hooks'
import type { MethodName } from '../../shared/explanation/method'
import {
  createClassifier,
  createExplainer,
  createStartsExplainer,
} from '../../engine/lrp/explainer'
import type { ExplainerOptions } from '../../engine/lrp/explainerTypes'
import type { RunsOn } from '../../engine/onnx/firstSound'
import type { RuntimeChoice } from '../../engine/onnx/runtime'

export interface Settings {
  /** Interleaved runs of which the medians are taken; one more warms up. */
  readonly runs: number
  /** Whether the compiled graph sums up its ledger, as it does in use. */
  readonly ledger: boolean
  /** What is to compute. */
  readonly runtime: RuntimeChoice
}

/** Lowest and highest input of ImageNet networks, (0 − mean)/std and (1 − mean)/std, for zBox. */
const box = { low: [-2.118, -2.036, -1.804], high: [2.249, 2.429, 2.64] }
const side = 224

export function optionsFor(
  method: MethodName,
  batch: number,
  { ledger, runtime }: Pick<Settings, 'ledger' | 'runtime'>,
): ExplainerOptions {
  const parameters = method === 'epsilon-gamma-box' ? box : {}
  return { method, parameters, start: 'logit', batch, ledger, runtime }
}

/** Smooth, within the box, the same everywhere. */
export function inputOf(batch: number): Float32Array {
  return Float32Array.from({ length: batch * 3 * side * side }, (_, at) => Math.sin(at * 0.7))
}

/** Explanation over forward pass. */
export async function measureRatio(
  bytes: Uint8Array,
  method: MethodName,
  batch: number,
  settings: Settings,
): Promise<{ forwardMs: number; explainMs: number; ratio: number } & RunsOn> {
  const { runs, runtime } = settings
  const classifier = await createClassifier(bytes, batch, { runtime })
  const explainer = await createExplainer(bytes, optionsFor(method, batch, settings))
  const input = inputOf(batch)
  const mask = new Float32Array(batch * explainer.classCount)
  for (let sample = 0; sample < batch; sample++) mask[sample * explainer.classCount] = 1
  const [forwardMs, explainMs] = await interleaved(
    runs,
    () => classifier.run(input),
    () => explainer.run(input, mask),
  )
  const runsOn = together([classifier.runsOn, explainer.runsOn])
  await classifier.release()
  await explainer.release()
  return { forwardMs, explainMs, ratio: explainMs / forwardMs, ...runsOn }
}

/** Five classes of one image over one of them. */
export async function measureFiveClasses(
  bytes: Uint8Array,
  settings: Settings,
): Promise<{ oneMs: number; fiveMs: number; ratio: number } & RunsOn> {
  const options = optionsFor('epsilon-plus-flat', 1, settings)
  const one = await createExplainer(bytes, options)
  const five = await createStartsExplainer(bytes, options, 5)
  const input = inputOf(1)
  const masks = new Float32Array(5 * one.classCount)
  for (let at = 0; at < 5; at++) masks[at * one.classCount + at] = 1
  const [oneMs, fiveMs] = await interleaved(
    settings.runs,
    () => one.run(input, masks.subarray(0, one.classCount)),
    () => five.run(input, masks),
  )
  const runsOn = together([one.runsOn, five.runsOn])
  await one.release()
  await five.release()
  return { oneMs, fiveMs, ratio: fiveMs / oneMs, ...runsOn }
}

/** From the bytes of the model to a session that can explain. */
export async function measureCompile(
  bytes: Uint8Array,
  settings: Pick<Settings, 'ledger' | 'runtime'>,
): Promise<{ milliseconds: number } & RunsOn> {
  const times: number[] = []
  const all: RunsOn[] = []
  for (let run = 0; run < 3; run++) {
    const explainer = await createExplainer(bytes, optionsFor('epsilon-plus-flat', 1, settings))
    times.push(explainer.compileMs)
    all.push(together([explainer.runsOn]))
    await explainer.release()
  }
  return { milliseconds: median(times), ...together(all) }
}

/**
 * What computed all that a row is about, as it is now: where one fell back to another provider, the row names
 * both, because a ratio of two providers says nothing of either.
 */
export function together(all: readonly RunsOn[]): RunsOn {
  const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]
  return {
    provider: distinct(all.map(({ provider }) => provider)).join(' and '),
    threads: all[0]?.threads ?? 1,
    notices: distinct(all.flatMap(({ notices }) => notices)),
  }
}

/** Medians of two things run by turns, so that a noisy moment hits both. */
async function interleaved(
  runs: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let run = 0; run <= runs; run++) {
    const one = await time(first)
    const other = await time(second)
    // The first round only warms up.
    if (run === 0) continue
    times[0].push(one)
    times[1].push(other)
  }
  return [median(times[0]), median(times[1])]
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
