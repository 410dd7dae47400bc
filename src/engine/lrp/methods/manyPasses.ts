import type { Classifier, Explainer, Measure, Progress } from '../explainerTypes'
import { sumOf } from './score'

/** What a method of many passes finds for one sample. */
export interface Found {
  readonly relevance: Float32Array
  /** At the input itself. */
  readonly logits: Float32Array
  readonly measures: readonly Measure[]
}

export interface Made {
  readonly conventions: Explainer['conventions']
  readonly exactForward: boolean
  readonly explain: (
    sample: Float32Array,
    mask: Float32Array,
    progress: Progress | undefined,
  ) => Promise<Found>
}

/**
 * An explainer of one sample at a time, however many points its passes take at once. What it explains is the score
 * itself, so that the start value changes nothing.
 * @param session what runs the passes.
 */
export function asExplainer(
  session: Pick<Classifier, 'inputShape' | 'classCount' | 'runsOn' | 'compileMs' | 'release'>,
  { conventions, exactForward, explain }: Made,
): Explainer {
  const made: Explainer = {
    inputShape: [1, ...session.inputShape.slice(1)],
    classCount: session.classCount,
    runsOn: session.runsOn,
    compileMs: session.compileMs,
    exactForward,
    conventions,
    startingAt: () => made,
    run: async (input, mask, progress) => ({
      ...(await explain(input, mask, progress)),
      startRelevance: Float32Array.of(sumOf(mask)),
      ledger: null,
      at: null,
    }),
    release: session.release,
  }
  return made
}
