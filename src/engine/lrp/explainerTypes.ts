import type { Coverage } from '../../shared/explanation/coverage'
import type { CustomComposite } from '../../shared/explanation/composite'
import type {
  MethodName,
  MethodParameters,
  MissingRule,
  Start,
} from '../../shared/explanation/method'
import type { LedgerEntry } from '../../shared/explanation/result'
import type { RunsOn } from '../onnx/firstSound'
import type { RuntimeChoice } from '../onnx/runtime'

/** A compiled forward pass with a fixed batch size. */
export interface Classifier {
  /** With the batch dimension, in the model's own layout. */
  readonly inputShape: readonly number[]
  readonly classCount: number
  /** The final activation that was stripped, or softmax where there is none. */
  readonly probabilities: 'softmax' | 'sigmoid'
  readonly runsOn: RunsOn
  /** Milliseconds from bytes to a session that can run. */
  readonly compileMs: number
  /** @param input batch·C·H·W floats. @returns batch·classCount logits. */
  run(input: Float32Array): Promise<Float32Array>
  /** Frees the session; the classifier must not be used afterwards. */
  release(): Promise<void>
}

/** A classifier that says which numbers it takes. */
export interface PlainClassifier extends Classifier {
  /** Null where any. */
  readonly wholeNumbers: { readonly low: number; readonly high: number } | null
}

export interface Explanation {
  /** In the shape of the input, batch first. */
  readonly relevance: Float32Array
  /** batch·classCount. */
  readonly logits: Float32Array
  /** Σ of the relevance given to the logits, one number a sample. */
  readonly startRelevance: Float32Array
  /** Summed over the batch; null for gradient methods. */
  readonly ledger: LedgerEntry[] | null
  /** At the value asked for; null where none was. */
  readonly at: { readonly shape: readonly number[]; readonly values: Float32Array } | null
  /** What the method has to say of itself, such as a completeness residual. */
  readonly measures: readonly Measure[]
}

/** A number that a method states beside its map. */
export interface Measure {
  readonly name: string
  readonly value: number
}

/** A compiled forward and relevance pass with a fixed batch size. */
export interface Explainer {
  readonly inputShape: readonly number[]
  readonly classCount: number
  readonly runsOn: RunsOn
  readonly compileMs: number
  /**
   * Whether its logits are the model's own, but for float rounding. Those of a quantised model differ by
   * its quantisation.
   */
  readonly exactForward: boolean
  /** What decides the numbers, in words. */
  readonly conventions: readonly { readonly name: string; readonly value: string }[]
  /** The same session, starting with the other value or with this one: nothing is compiled. */
  startingAt(start: Start): Explainer
  /**
   * @param input batch·C·H·W floats.
   * @param mask batch·classCount: +1 at the explained class, −1 at the one it is held against, else 0.
   */
  run(input: Float32Array, mask: Float32Array, progress?: Progress): Promise<Explanation>
  release(): Promise<void>
}

/** How many of its passes a run of a method with many has made; methods with a single pass say nothing. */
export type Progress = (done: number, total: number) => void

/** A gradient for methods that look at points which need be no inputs of the model: `run` takes any. */
export interface PointExplainer extends Explainer {
  readonly probabilities: Classifier['probabilities']
  /** @throws AppError `invalid-input` for numbers that the model's own input does not have. */
  check(input: Float32Array): void
}

/**
 * Explains one sample several times over in one run, sharing the forward pass and every denominator where
 * the graph keeps its samples apart (see `startsApart`); one start after another where it does not.
 */
export interface StartsExplainer {
  readonly inputShape: readonly number[]
  readonly classCount: number
  readonly starts: number
  /** Whether the starts share one run. */
  readonly shared: boolean
  readonly runsOn: RunsOn
  readonly compileMs: number
  readonly exactForward: boolean
  readonly conventions: Explainer['conventions']
  /** As for `Explainer`. */
  startingAt(start: Start): StartsExplainer
  /** @param masks `starts` masks of classCount numbers each, one behind another. */
  run(input: Float32Array, masks: Float32Array): Promise<Explanation[]>
  release(): Promise<void>
}

/** The input and output of a graph that are meant. */
export interface GraphNames {
  /** The image; the only input that the logits depend on when absent. */
  readonly inputName?: string
  /** The output to explain; the first that holds or hides logits when absent. */
  readonly outputName?: string
}

export interface ExplainerOptions extends GraphNames {
  readonly method: MethodName
  readonly parameters: MethodParameters
  /** What an explainer starts with; it can do either: see `startingAt`. */
  readonly start: Start
  /** The rules of the method `custom`. */
  readonly composite?: CustomComposite | undefined
  /** What to do at operators without a rule; `refuse` when absent. */
  readonly missing?: MissingRule | undefined
  /** The node whose output's relevance is wanted as well, by name. */
  readonly at?: string | undefined
  /** Samples per run; a model whose batch is fixed keeps its own: see `inputShape`. */
  readonly batch: number
  /** [C, H, W] or [H, W, C], for models that leave their input size open. */
  readonly sampleShape?: readonly number[]
  /** Where the channels of a picture are; first when absent. */
  readonly layout?: 'NCHW' | 'NHWC' | undefined
  /** What is to compute it; the CPU when absent. */
  readonly runtime?: RuntimeChoice | undefined
  /** False leaves the ledger's sums out of the graph; only benchmarks do. */
  readonly ledger?: boolean
}

/** One input or output of the graph; null where a dimension is left open. */
export interface TensorInfo {
  readonly name: string
  readonly shape: readonly (number | null)[]
}

export interface GraphInspection {
  readonly coverage: Coverage
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** The name of the input that the logits depend on. */
  readonly input: string
  /** The name of the output that leads to the logits. */
  readonly output: string
  /** The names of the outputs that may hold the classes: where there are several, somebody has to say which. */
  readonly classOutputs: readonly string[]
  /** The whole numbers that the input takes; null where it takes any number. */
  readonly wholeNumbers: { readonly low: number; readonly high: number } | null
  readonly classCount: number | null
  /** A final Softmax or Sigmoid was stripped to find the logits. */
  readonly logitsAreProbabilities: boolean
}
