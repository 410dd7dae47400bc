import { keepsLedger, type Start } from '../../shared/explanation/method'
import { compiledNames } from './compile'
import type { ExplainerOptions } from './explainerTypes'

type Asked = Pick<ExplainerOptions, 'method' | 'start'>

/** What a compiled graph is fed for a mask, by name: the start value decides which of its inputs it goes to. */
export function startInputs(
  { method, start }: Asked,
  mask: Float32Array,
): Map<string, Float32Array> {
  const { mask: timesLogits, unit } = compiledNames
  // A gradient is that of the logit itself, whatever it starts with.
  if (!keepsLedger(method)) return new Map([[timesLogits, mask]])
  const [used, unused] = start === 'logit' ? [timesLogits, unit] : [unit, timesLogits]
  return new Map([[used, mask], [unused, new Float32Array(mask.length)]]) // prettier-ignore
}

/** Σ over the classes of what each sample's (or start's) logits are given; `of` is applied to each share. */
export function startsOf(
  { method, start }: Asked,
  mask: Float32Array,
  logits: Float32Array,
  rows: number,
  of: (share: number) => number = (share) => share,
): Float32Array {
  const classCount = mask.length / rows
  const sums = new Float32Array(rows)
  const byLogit = start === 'logit' && keepsLedger(method)
  for (const [at, share] of mask.entries()) {
    const row = Math.floor(at / classCount)
    sums[row] = (sums[row] ?? 0) + of(byLogit ? share * (logits[at] ?? 0) : share)
  }
  return sums
}

/** The views of one session, one for each start value; `make` is handed the way from one to the other. */
export function eitherStart<View>(
  make: (start: Start, startingAt: (other: Start) => View) => View,
): (start: Start) => View {
  const startingAt = (start: Start): View => views[start]
  const views = { logit: make('logit', startingAt), unit: make('unit', startingAt) }
  return startingAt
}
