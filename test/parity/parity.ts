import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/shared/errors'
import { createExplainer, passesOf, summariseLedger } from '../../src/engine/lrp/explainer'
import type { Explainer, ExplainerOptions } from '../../src/engine/lrp/explainerTypes'
import { createManyPasses } from '../../src/engine/lrp/methods/createManyPasses'
import type { Noise } from '../../src/engine/lrp/methods/normalNoise'
import { readNpy, relativeL2 } from '../support/npy'
import { caseOf } from './cases'
import { inputBox, toleranceOf, type GoldenModel } from './goldens'

/** One line of the table: one file of a model explained by one method. */
export interface ParityRow {
  readonly model: string
  readonly file: string
  readonly golden: string
  readonly method: string
  /** ‖ours − golden‖ / ‖golden‖; null where nothing could be computed. */
  readonly error: number | null
  readonly tolerance: number
  /** The largest residual of a layer of the ledger, over what took part; null without a ledger. */
  readonly ledgerResidual: number | null
  /** As `error`, of the logits. */
  readonly logitError: number | null
  readonly passed: boolean
  /** Why it did not, in a sentence; else empty. */
  readonly reason: string
}

/** Float rounding and folding may change logits by this, relative L2. */
const logitTolerance = 1e-5

/** Compares one file's explanation with a golden, by all that must hold. */
export async function measureParity(
  model: GoldenModel,
  file: string,
  golden: string,
): Promise<ParityRow> {
  const input = readNpy(join(model.folder, 'input.npy'))
  const how = caseOf(golden, inputBox(input.shape[1] ?? 1))
  const row = {
    model: model.name,
    file,
    golden,
    method: how?.method ?? '?',
    tolerance: toleranceOf(model, golden),
  }
  const failed = (reason: string): ParityRow => ({ ...row, error: null, ledgerResidual: null, logitError: null, passed: false, reason }) // prettier-ignore
  if (!how) return failed('nothing says how this golden is made')
  try {
    const explainer = await open(model, readFileSync(join(model.folder, file)), {
      ...how,
      batch: 1,
    })
    const mask = new Float32Array(explainer.classCount)
    mask[how.argmin ? model.meta.class_index_argmin : model.meta.class_index] = 1
    const found = await explainer.run(Float32Array.from(input.values), mask)
    await explainer.release()
    const numbers = {
      error: relativeL2(found.relevance, readNpy(join(model.folder, `${golden}.npy`)).values),
      logitError: relativeL2(found.logits, readNpy(join(model.folder, 'logits.npy')).values),
      ledgerResidual: found.ledger && summariseLedger(found.ledger).largestResidual,
    }
    const balanced = found.ledger === null || summariseLedger(found.ledger).balanced
    const reason = [
      numbers.error <= row.tolerance ? '' : 'relevance differs',
      numbers.logitError <= logitTolerance ? '' : 'logits differ',
      balanced ? '' : 'the ledger does not balance',
    ]
    return {
      ...row,
      ...numbers,
      passed: reason.every((part) => part === ''),
      reason: reason.filter((part) => part !== '').join(', '),
    }
  } catch (error) {
    if (error instanceof AppError) return failed(error.message)
    throw error
  }
}

/** SmoothGrad gets the golden's own noise; all else is what the product makes. */
function open(
  model: GoldenModel,
  bytes: Uint8Array,
  options: ExplainerOptions,
): Promise<Explainer> {
  if (options.method !== 'smoothgrad') return createExplainer(bytes, options)
  const passes = passesOf(bytes, options)
  const noiseOf = (): Noise => recorded(readNpy(join(model.folder, 'noise.npy')).values)
  return createManyPasses(options.method, options, { ...passes, noiseOf })
}

/** The numbers of a file, one after another. */
function recorded(values: Float64Array): Noise {
  let at = 0
  return () => {
    const value = values[at++]
    if (value === undefined) throw new Error('the recorded noise is used up')
    return value
  }
}
