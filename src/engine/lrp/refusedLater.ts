import { AppError } from '../../shared/errors'
import type { Coverage } from '../../shared/explanation/coverage'
import type { FloatModel } from '../onnx/floatModel'
import type { Model } from '../onnx/model'
import { compile } from './compile'
import type { CoverageOptions } from './coverage'
import { NodeRefusal } from './nodeRefusal'
import { prepare } from './prepare/prepare'
import { assertRunnable } from './prepare/runnable'
import { trim, type PrepareOptions, type Trimmed } from './prepare/trim'
import { writeOut } from './prepare/writeOut'

/** A model whose structure alone is covered. */
export interface Covered {
  readonly read: Model
  readonly float: FloatModel
  readonly coverage: Coverage
  readonly options: CoverageOptions
  readonly trimmed: Trimmed
  /** As asked; the sample's shape where it is known. */
  readonly asked: Omit<PrepareOptions, 'batch'>
}

/**
 * The coverage, with the node that an explanation would refuse once shapes are known: what ONNX Runtime cannot run, and,
 * where the input's size is stated, what the compiler does up to where it folds weights; all of it, where what lies
 * before a layer with zBox decides. Of the network nothing runs, unless it takes a run on zeros to tell its shapes.
 * @throws AppError `invalid-model` for what ONNX Runtime cannot load.
 */
export async function withLaterRefusal(covered: Covered): Promise<Coverage> {
  const { coverage } = covered
  if (!coverage.supported) return coverage
  try {
    await rehearse(covered)
  } catch (error) {
    if (error instanceof NodeRefusal) return refusedAt(error, coverage)
    // What does not run in the size that the file states never will; a card's size may be wrong.
    const isBroken = error instanceof AppError && error.code === 'invalid-model'
    if (isBroken && covered.asked.sampleShape === undefined) throw error
  }
  return coverage
}

async function rehearse(covered: Covered): Promise<void> {
  const { read, float, coverage, options, trimmed, asked } = covered
  assertRunnable(trimmed.graph)
  const { dims, name } = trimmed.input
  const isSized = asked.sampleShape !== undefined || (dims.length > 0 && !dims.slice(1).includes(null)) // prettier-ignore
  if (!isSized || options.method === 'occlusion') return
  const sized = { ...asked, batch: 1 }
  await writeOut(float, trim(float.model, sized))
  const boxed = new Set(coverage.nodes.flatMap(({ node, detail }) => (detail === 'zBox' ? [node] : []))) // prettier-ignore
  if (!trimmed.graph.nodes.some((node) => boxed.has(node.name) && node.inputs[0] !== name)) return
  const { composite, method, missing = 'refuse' } = options
  const network = await prepare(read, { ...sized, ...options })
  compile(network, { method, composite, missing, parameters: {}, starts: 1, at: null, ledger: false }) // prettier-ignore
}

/** What is written in the place of a node has names that begin with the node's. */
function refusedAt({ node, reason }: NodeRefusal, { nodes }: Coverage): Coverage {
  const owner =
    nodes.find((treatment) => treatment.node === node.name) ??
    nodes.findLast((treatment) => node.name.startsWith(`${treatment.node}/`))
  const marked = nodes.map((treatment) =>
    treatment === owner
      ? { ...treatment, kind: 'missing' as const, detail: `it ${reason}` }
      : treatment,
  )
  return { nodes: marked, supported: owner === undefined }
}
