import { AppError } from '../../shared/errors'
import type { Start } from '../../shared/explanation/method'
import { concatenated } from '../arrays/concatenated'
import { allFinite } from '../arrays/finite'
import { plainName } from '../onnx/names'
import { candidates } from '../onnx/providers'
import { floatData, floatFeed, openSession, type Session } from '../onnx/runtime'
import { compile, compiledNames, type Compiled } from './compile'
import type { ExplainerOptions } from './explainerTypes'
import type { LedgerPlan } from './ledger'
import { manyTimes, sizeOf, type Network } from './network'
import { firstNotFinite, type Feeds } from './notFinite'
import { packsWeights } from './packing'
import type { Prepared } from './prepare/prepare'
import { startInputs } from './startRelevance'

interface Results {
  readonly relevance: Float32Array
  readonly logits: Float32Array
  readonly ledger: Float32Array | null
  readonly at: Float32Array | null
}

/** Of one sample's activations in all, 64 MB. */
const cachedFloats = 2 ** 24

/**
 * A batch whose activations leave the caches is faster explained sample by sample: on two cores ResNet-50 took
 * 132 ms for one sample and 152 ms for each of eight at once, a network of small tiles the other way round.
 */
export function leavesCache(
  network: Network,
  { runtime }: Pick<ExplainerOptions, 'runtime'>,
): boolean {
  const [batch = 1] = network.shape(network.input)
  const [first] = candidates(runtime?.provider ?? 'cpu').tried
  if (batch === 1 || first !== 'cpu') return false
  const values = network.nodes.flatMap((node) => node.outputs.filter((output) => output !== ''))
  const floats = values.reduce((sum, value) => sum + sizeOf(network.shape(value)), 0)
  return floats / batch > cachedFloats
}

/** A compiled graph in a session. */
export interface CompiledSession {
  readonly session: Session
  /** Of all samples of a run. */
  readonly inputShape: readonly number[]
  readonly classCount: number
  readonly plan: LedgerPlan | null
  readonly atShape: readonly number[] | null
  /**
   * @param input in the input's shape. @param mask a row of classes for each sample or start.
   * @param start what the ones of a mask stand for.
   * @throws AppError `invalid-input` naming the layer where relevance is not finite.
   */
  run(input: Float32Array, mask: Float32Array, start: Start): Promise<Results>
}

/**
 * Compiles and opens; outputs come by name.
 * @param samples of a run; those that the network does not take at once are run one after the other.
 * @throws AppError `invalid-input` for a value to state relevance at that is not there.
 */
export async function openCompiled(
  network: Prepared,
  options: Omit<ExplainerOptions, 'start'>,
  starts: number,
  samples: number,
): Promise<CompiledSession> {
  const compiled = compile(network, {
    ...options,
    missing: options.missing ?? 'refuse',
    ledger: options.ledger ?? true,
    at: options.at === undefined ? null : valueAt(network, options.at),
    starts,
  })
  const { model, shapes, adjoints } = compiled
  const session = await openSession(model, 'all', options.runtime, {
    shapes,
    adjoints,
    packs: packsWeights(network, starts),
    // 1/z of a class whose z happens to be next to 0 would magnify rounding; the start of a logit is no other pass.
    zeroInTest: new Set([compiledNames.unit]),
  })
  const partShape = network.shape(network.input)
  const { classCount } = compiled
  const [batch = 1] = partShape
  const { method } = options
  const runPart: CompiledSession['run'] = async (input, mask, start) => {
    const masks = [...startInputs({ method, start }, mask)].map(
      ([name, values]) => [name, floatFeed(values, [batch * starts, classCount])] as const,
    )
    const feeds = { [network.input]: floatFeed(input, partShape), ...Object.fromEntries(masks) }
    const results = await session.run(feeds)
    const relevance = floatData(results[compiledNames.relevance])
    if (!allFinite(relevance)) throw await relevanceNotFinite(compiled, feeds)
    const optional = (name: string): Float32Array | null =>
      results[name] ? floatData(results[name]) : null
    return {
      relevance,
      logits: floatData(results[compiledNames.logits]),
      ledger: optional(compiledNames.ledger),
      at: optional(compiledNames.at),
    }
  }
  const run: CompiledSession['run'] = async (input, mask, start) => {
    if (batch === samples) return runPart(input, mask, start)
    const parts: Results[] = []
    for (let first = 0; first < samples; first += batch) {
      const part = (values: Float32Array): Float32Array => {
        const each = values.length / samples
        return values.subarray(first * each, (first + batch) * each)
      }
      parts.push(await runPart(part(input), part(mask), start))
    }
    return joined(parts)
  }
  return {
    session,
    inputShape: partShape.with(0, samples),
    classCount,
    plan: compiled.ledger,
    atShape: compiled.atShape && manyTimes(compiled.atShape, samples / batch),
    run,
  }
}

function joined(parts: readonly Results[]): Results {
  const optional = (of: (part: Results) => Float32Array | null): Float32Array | null => {
    const present = parts.flatMap((part) => of(part) ?? [])
    return present.length === parts.length ? concatenated(present) : null
  }
  return {
    relevance: concatenated(parts.map(({ relevance }) => relevance)),
    logits: concatenated(parts.map(({ logits }) => logits)),
    ledger: optional(({ ledger }) => ledger),
    at: optional(({ at }) => at),
  }
}

/** Where relevance, or the network before it, ceased to be finite. */
async function relevanceNotFinite({ model, layerOf }: Compiled, feeds: Feeds): Promise<AppError> {
  const node = await firstNotFinite(model, feeds)
  const layer = node && (layerOf.get(node.name) ?? node.name)
  return new AppError(
    'invalid-input',
    layer
      ? `The relevance of this input is not finite: a number overflowed at node “${layer}”${layer === node.name ? '' : ', on the way back'}.`
      : 'The relevance of this input is not finite: a number overflowed on the way back.',
    model.graph.nodes.some(({ operator }) => operator === 'BatchNormalization')
      ? 'Try the method epsilon-plus-flat, a larger epsilon, or a composite with normalisations “affine”: not every BatchNormalization here could be folded.'
      : 'Try the method epsilon-plus-flat, or a larger epsilon.',
  )
}

/**
 * The value that a node puts out, in the network as it is explained.
 * @throws AppError `invalid-input` when there is no such node, or it became part of another.
 */
function valueAt(network: Network, name: string): string {
  const node = network.nodes.find((candidate) => candidate.name === name)
  const value = node?.outputs[0]
  if (value !== undefined) return value
  throw new AppError(
    'invalid-input',
    `There is no node “${plainName(name)}” to state relevance at: the model has none of that name, or it became part of another.`,
    'See the names with inspect; BatchNormalization, for one, is folded into the layer before it.',
  )
}
