import { Tensor as OrtTensor } from 'onnxruntime-node'
import type { ProviderChoice, ProviderName } from '../../shared/explanation/provider'
import { withBlockedLayout } from './blocked/blockedLayout'
import { blockSize } from './blocked/blockSize'
import type { Shapes } from './blocked/shapes'
import { unfitHere } from './deviceCheck'
import { elementSize } from './elements'
import { openFirstSound, type RunsOn, type SoundSession } from './firstSound'
import { DataType, type Model, type Tensor } from './model'
import { openOrtSession, type Feeds, type Results } from './ortSession'
import { candidates, type Candidates } from './providers'
import { coresToUse } from './threads'
import { inListedOrder } from './runOrder'
import { writeSplit, type SplitModel } from './write'

export interface Session extends RunsOn {
  run(feeds: Feeds): Promise<Results>
  release(): Promise<void>
}

/** What is asked to compute. */
export interface RuntimeChoice {
  readonly provider: ProviderChoice
  /** Within one operator; a physical core each when absent. */
  readonly threads?: number | undefined
}

export interface SessionOptions {
  /** The providers that this machine has for the choice. */
  readonly found?: Candidates
  /**
   * Of the values of a network in the model. With them the CPU gets the model in the layout that its
   * convolutions want: see `withBlockedLayout`.
   */
  readonly shapes?: Shapes | undefined
  /** What convolutions make of relevance on its way back. */
  readonly adjoints?: ReadonlySet<string> | undefined
  /** Whether the CPU may hold matrices of weights a second time, in the order that many rows are faster with. */
  readonly packs?: boolean | undefined
  /** Inputs that are 0 where a provider is held against the CPU. */
  readonly zeroInTest?: ReadonlySet<string> | undefined
}

/** Deterministic to the bit over runs, sessions and threads; what other providers are held against. */
export const reference: RuntimeChoice = { provider: 'cpu' }

/**
 * Opens a session on the provider that was chosen, or on the next one that is right: see `openFirstSound`.
 * @throws AppError `invalid-model` with ONNX Runtime's own reason.
 */
export async function openSession(
  model: Model | Uint8Array,
  optimise: 'all' | 'disabled',
  choice: RuntimeChoice = reference,
  { found = candidates(choice.provider), ...layout }: SessionOptions = {},
): Promise<Session> {
  const threads = choice.threads ?? coresToUse()
  const session = await openOn(model, optimise, { ...choice, threads }, { ...layout, found })
  return {
    get provider() {
      return session.provider()
    },
    get notices() {
      return session.notices()
    },
    threads,
    run: (feeds) => session.run(feeds),
    release: () => session.release(),
  }
}

/** Apart from `openSession`, whose session would hold the written weights as well. */
async function openOn(
  model: Model | Uint8Array,
  optimise: 'all' | 'disabled',
  { provider: chosen, threads }: Required<RuntimeChoice>,
  {
    found,
    shapes,
    adjoints,
    packs = true,
    zeroInTest,
  }: Required<Pick<SessionOptions, 'found'>> & SessionOptions,
): Promise<SoundSession> {
  const graph = model instanceof Uint8Array ? null : model.graph
  const block = shapes ? await blockSize() : 1
  const writtenFor = (provider: ProviderName): SplitModel => {
    if (model instanceof Uint8Array) return { bytes: model, weights: [] }
    if (provider !== 'cpu' || !shapes) return writeSplit(model)
    return writeSplit(inListedOrder(withBlockedLayout(model, shapes, block, adjoints)))
  }
  return openFirstSound({
    open: (provider) =>
      openOrtSession(writtenFor(provider), {
        provider,
        threads,
        optimise,
        packs,
        nodes: graph?.nodes ?? [],
      }),
    ...found,
    inputs: (graph?.inputs ?? []).map((input) => ({
      ...input,
      zero: zeroInTest?.has(input.name) ?? false,
    })),
    unfit: (provider) => (chosen === 'auto' ? unfitHere(provider, threads) : Promise.resolve(null)),
    allowed: chosen === 'auto' ? (cpu) => cpu : null,
  })
}

export function floatFeed(values: Float32Array, dims: readonly number[]): OrtTensor {
  return new OrtTensor('float32', values, dims)
}

/** @throws Error when the session's output is not float32. */
export function floatData(tensor: OrtTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data
  throw new Error('expected a float32 output')
}

export function integerData(tensor: OrtTensor | undefined): number[] {
  if (tensor?.data instanceof BigInt64Array) return Array.from(tensor.data, Number)
  throw new Error('expected an int64 output')
}

const dataTypes: Readonly<Record<string, number>> = {
  float32: DataType.float,
  float64: DataType.double,
  int64: DataType.int64,
  int32: DataType.int32,
  uint8: DataType.uint8,
  int8: DataType.int8,
  bool: DataType.bool,
  float16: DataType.float16,
}

/** A session's output as an initializer. */
export function tensorOf(name: string, output: OrtTensor): Tensor {
  const { data } = output
  const dataType = dataTypes[output.type]
  if (dataType === undefined || !ArrayBuffer.isView(data)) {
    throw new Error(`${name} has the type ${output.type}, which is not read`)
  }
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const expected = output.dims.reduce((product, size) => product * size, 1) * elementSize(dataType)
  if (raw.length !== expected) throw new Error(`${name} has ${raw.length} bytes, not ${expected}`)
  return { name, dims: output.dims, dataType, raw }
}
