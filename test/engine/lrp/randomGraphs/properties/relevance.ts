import { createExplainer, createStartsExplainer } from '../../../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../../../src/engine/lrp/explainerTypes'
import { ledgerTolerance } from '../../../../../src/engine/lrp/ledger'
import { keepsLedger, type MethodName } from '../../../../../src/shared/explanation/method'
import type { LedgerEntry } from '../../../../../src/shared/explanation/result'
import type { RandomGraph } from '../generate'
import { summed } from './compare'
import { noiseFactor, type Findings } from './findings'
import { openInDouble, type InDouble, type Outcome } from './inDouble'
import type { Question } from './question'

export function optionsFor(method: MethodName, batch: number): ExplainerOptions {
  const parameters = method === 'epsilon-gamma-box' ? { low: -8, high: 8 } : {}
  return { method, parameters, start: 'unit', batch }
}

/** One method on one graph: in double precision, in float32, and in a batch. */
export async function judgeRelevance(
  graph: RandomGraph,
  { input, other, first, second }: Question,
  method: MethodName,
  findings: Findings,
): Promise<InDouble | null> {
  const options = optionsFor(method, 1)
  const double = await findings.unlessRefused(method, () => openInDouble(graph.bytes, options))
  if (!double) return null
  const exact = double.run(input, first)
  expectLinearity(double, exact, { input, other, first, second }, method, findings)
  const explainer = await createExplainer(graph.bytes, options)
  const single = await explainer.run(input, first)
  const again = await explainer.run(input, first)
  const beside = await explainer.run(other, second)
  await explainer.release()
  const noise = () => double.noise(input, first)
  findings.compare(`${method} in float32`, single.relevance, exact.relevance, 1e-5, () => noise().relevance) // prettier-ignore
  if (!single.relevance.every((value, at) => Object.is(value, again.relevance[at])))
    findings.complain(method, 'two runs differ')
  if (keepsLedger(method)) {
    balances(exact, single.ledger ?? [], noise, method, findings)
    addsUp(exact, method, findings)
  }
  if (graph.isOpen) {
    const both = await createExplainer(graph.bytes, optionsFor(method, 2))
    const batched = await both.run(
      Float32Array.of(...input, ...other),
      Float32Array.of(...first, ...second),
    )
    await both.release()
    const apart = Float32Array.of(...single.relevance, ...beside.relevance)
    findings.compare(`${method} in a batch`, batched.relevance, apart, 1e-5, () =>
      Float64Array.of(...noise().relevance, ...double.noise(other, second).relevance),
    )
  }
  return double
}

/** R(a·m₁ + b·m₂) = a·R(m₁) + b·R(m₂): every rule is linear in the relevance that it is given. */
function expectLinearity(
  double: InDouble,
  exact: Outcome,
  { input, first, second }: Question,
  method: MethodName,
  findings: Findings,
): void {
  // What a ReLU does to a gradient there depends on the gradient's sign.
  if (method === 'guided-backprop' || method === 'deconvnet') return
  const [a, b] = [0.75, -1.5]
  const mixed = first.map((value, at) => a * value + b * (second[at] ?? Number.NaN))
  const beside = double.run(input, second).relevance
  findings.compare(
    `${method} is linear in its start`,
    double.run(input, mixed).relevance,
    exact.relevance.map((value, at) => a * value + b * (beside[at] ?? Number.NaN)),
    1e-7,
    () => double.noise(input, first).relevance,
  )
}

/** Every layer: in double precision but for float32 constants; in float32 but for rounding. */
function balances(
  exact: Outcome,
  rounded: readonly LedgerEntry[],
  noiseOf: () => { readonly residuals: readonly number[] },
  method: MethodName,
  findings: Findings,
): void {
  for (const [at, entry] of (exact.ledger ?? []).entries()) {
    findings.compared++
    const inFloat = rounded[at]?.relativeResidual ?? Number.NaN
    if (entry.relativeResidual <= 1e-6 && inFloat <= ledgerTolerance) continue
    const noise = noiseOf().residuals[at] ?? Number.NaN
    const isFine =
      Math.abs(entry.residual) <= noiseFactor * noise &&
      Math.abs((rounded[at]?.residual ?? Number.NaN) - entry.residual) <= noiseFactor * noise
    const where = `${method}: ${entry.node} (${entry.operator}, ${entry.rule})`
    if (isFine) findings.blurred.push(`${where} balances`)
    else
      findings.complain(
        'the ledger',
        `${where} keeps ${entry.residual} of ${entry.relevanceOut} in double precision, ${rounded[at]?.residual} in float32, noise ${noise}`,
      )
  }
}

/** Σ start = Σ R at the input + all that layers kept: nothing is lost between them. */
function addsUp({ relevance, ledger }: Outcome, method: MethodName, findings: Findings): void {
  findings.compared++
  const entries = ledger ?? []
  const kept = summed(entries.map((e) => e.bias + e.stabiliser + e.unexplained + e.residual))
  const arrived = summed(relevance)
  const largest = Math.max(1, ...entries.map(({ relevanceOut }) => Math.abs(relevanceOut)))
  if (!(Math.abs(1 - kept - arrived) <= 1e-6 * largest))
    findings.complain('the accounts', `${method}: 1 = ${arrived} + ${kept} kept by the layers does not hold`) // prettier-ignore
}

/** The same network written in another way, in another operator set: the same relevance. */
export async function judgeSpelling(
  other: RandomGraph,
  { input, first }: Question,
  double: InDouble,
  method: MethodName,
  findings: Findings,
): Promise<void> {
  const respelled = await findings.unlessRefused(method, () =>
    openInDouble(other.bytes, optionsFor(method, 1)),
  )
  if (!respelled) return
  findings.compare(
    `${method} written in another way`,
    respelled.run(input, first).relevance,
    double.run(input, first).relevance,
    1e-6,
    () => double.noise(input, first).relevance,
  )
}

/**
 * Of a homogeneous network AttnLRP, which stabilises nothing, is input × gradient: R_i = x_i ∂f/∂x_i, for a start
 * of the logit.
 */
export async function judgeHomogeneous(
  graph: RandomGraph,
  { input, first }: Question,
  findings: Findings,
): Promise<void> {
  const options = { parameters: {}, start: 'logit', batch: 1 } as const
  const relevance = await findings.unlessRefused('attn-lrp', () =>
    openInDouble(graph.bytes, { ...options, method: 'attn-lrp' }),
  )
  if (!relevance) return
  const gradient = await openInDouble(graph.bytes, { ...options, method: 'input-x-gradient' })
  findings.compare(
    'AttnLRP of a homogeneous network is input × gradient',
    relevance.run(input, first).relevance,
    gradient.run(input, first).relevance,
    1e-5,
    () => relevance.noise(input, first).relevance,
  )
}

/** Several starts in one run: each gets what it gets alone. */
export async function judgeStarts(
  graph: RandomGraph,
  { input, first, second }: Question,
  double: InDouble,
  method: MethodName,
  findings: Findings,
): Promise<void> {
  const explainer = await createStartsExplainer(graph.bytes, optionsFor(method, 1), 2)
  const results = await explainer.run(input, Float32Array.of(...first, ...second))
  await explainer.release()
  for (const [at, mask] of [first, second].entries()) {
    findings.compare(
      `${method}, start ${at + 1} of 2`,
      results[at]?.relevance ?? [],
      double.run(input, mask).relevance,
      1e-5,
      () => double.noise(input, mask).relevance,
    )
  }
}
