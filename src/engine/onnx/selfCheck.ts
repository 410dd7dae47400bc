import { performance } from 'node:perf_hooks'
import { Tensor as OrtTensor } from 'onnxruntime-node'
import type { ProviderName } from '../../shared/explanation/provider'
import { allFinite } from '../arrays/finite'
import { DataType, type Value } from './model'
import type { Feeds, OrtSession, Results } from './ortSession'
import { reasonOf } from './reasonOf'

/**
 * How far another provider may be from the CPU on the test input, in the relative L2 norm of each output.
 * Single precision in another order gives 1e-7 to 1e-5, half precision and wrong kernels 1e-3 to 1.
 */
export const tolerance = 1e-3

/** An input of the graph that is checked. */
export interface TestInput extends Value {
  /** It is given zeros. */
  readonly zero?: boolean
}

export type Open = (provider: ProviderName) => Promise<OrtSession>

/** A session that is right, or why it is not to be used, as the end of a sentence about the provider. */
export type Checked =
  | { readonly session: OrtSession; readonly why: null }
  | { readonly session: null; readonly why: string }

/**
 * Opens the model on a provider and holds what it computes on a test input against the CPU.
 * @param reference the same model on the CPU, opened when it is needed.
 * @param allowed milliseconds that a run may take where the CPU needs so many; null where speed does not matter.
 * @throws whatever the reference throws: then the model is to blame.
 */
export async function openChecked(
  open: Open,
  provider: ProviderName,
  inputs: readonly TestInput[],
  reference: () => Promise<OrtSession>,
  allowed: ((cpu: number) => number) | null,
): Promise<Checked> {
  let session: OrtSession | null = null
  const refuse = async (why: string): Promise<Checked> => {
    await session?.release()
    return { session: null, why }
  }
  let feeds: Feeds
  let results: Results
  try {
    feeds = testFeeds(inputs)
    session = await open(provider)
    results = await session.run(feeds)
  } catch (error) {
    return refuse(`could not be used: ${causeOf(error)}`)
  }
  let cpu: OrtSession
  try {
    cpu = await reference()
  } catch (error) {
    await session.release()
    throw error
  }
  try {
    const difference = disagreement(await cpu.run(feeds), results)
    if (difference !== null) return await refuse(difference)
    if (allowed === null) return { session, why: null }
    // The first runs warmed up.
    const own = await timeOf(session, feeds)
    const its = await timeOf(cpu, feeds)
    if (own <= allowed(its)) return { session, why: null }
    return await refuse(
      `is slower here than the CPU (${text(own)} against ${text(its)} for one run)`,
    )
  } catch (error) {
    return refuse(`could not be checked on a test input: ${causeOf(error)}`)
  }
}

/** What every input is given: numbers between −1 and 1, the same on every machine, or zeros. */
export function testFeeds(inputs: readonly TestInput[]): Feeds {
  let state = 1
  const next = (): number => {
    // Numerical Recipes' 32-bit linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Object.fromEntries(
    inputs.map(({ name, dataType, dims, zero = false }) => {
      if (dataType !== DataType.float) throw new Error(`${name} does not take float32`)
      const sizes = dims.map((size) => size ?? 1)
      const count = sizes.reduce((product, size) => product * size, 1)
      const values = Float32Array.from({ length: count }, zero ? () => 0 : next)
      return [name, new OrtTensor('float32', values, sizes)]
    }),
  )
}

/** Why results are not the reference's, as the end of a sentence about who computed them; null where they are. */
export function disagreement(reference: Results, results: Results): string | null {
  let worst = 0
  for (const [name, { data }] of Object.entries(reference)) {
    const other = results[name]?.data
    if (!(data instanceof Float32Array) || !(other instanceof Float32Array)) continue
    if (!allFinite(data) || !data.some((value) => value !== 0))
      return 'could not be checked: the CPU’s own numbers on the test input say nothing'
    worst = Math.max(worst, relativeL2(data, other))
    if (!(worst <= tolerance))
      return `gave other numbers than the CPU on a test input (off by ${worst.toExponential(1)}, at most ${tolerance} is allowed)`
  }
  return null
}

/** ‖other − reference‖ / ‖reference‖; NaN where a number is. */
function relativeL2(reference: Float32Array, other: Float32Array): number {
  if (reference.length !== other.length) return Infinity
  let difference = 0
  let norm = 0
  for (const [at, value] of reference.entries()) {
    difference += ((other[at] ?? Number.NaN) - value) ** 2
    norm += value ** 2
  }
  return Math.sqrt(difference / norm)
}

/** ONNX Runtime's own words, without ours around them. */
export function causeOf(error: unknown): string {
  const reason = reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
  return reason.replace(/[.\s]+$/, '')
}

async function timeOf(session: OrtSession, feeds: Feeds): Promise<number> {
  const started = performance.now()
  await session.run(feeds)
  return performance.now() - started
}

function text(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}
