import type { MethodName } from '../../shared/explanation/method'
import type { Ledger, LedgerEntry } from '../../shared/explanation/result'
import type { CoverageOptions } from '../lrp/coverage'
import type {
  Classifier,
  Explainer,
  ExplainerOptions,
  GraphInspection,
  StartsExplainer,
} from '../lrp/explainerTypes'
import type { ModelSource } from '../onnx/externalData'

/** What a card adds to a graph that leaves things open, and what is to compute it. */
export type GraphChoices = Pick<
  ExplainerOptions,
  'sampleShape' | 'inputName' | 'outputName' | 'runtime'
>

/** What is known of a graph before it is run. */
export type InspectionChoices = Omit<GraphChoices, 'runtime'>

/** What inference needs of the LRP compiler; passed in, so that tests can count what is compiled. */
export interface Compiler {
  createClassifier(model: ModelSource, batch: number, choices?: GraphChoices): Promise<Classifier>
  createExplainer(model: ModelSource, options: ExplainerOptions): Promise<Explainer>
  /** Explains one sample several times over. */
  createStartsExplainer(
    model: ModelSource,
    options: ExplainerOptions,
    starts: number,
  ): Promise<StartsExplainer>
  inspectGraph(
    model: ModelSource,
    asked: MethodName | CoverageOptions,
    choices?: InspectionChoices,
  ): Promise<GraphInspection>
  summariseLedger(entries: readonly LedgerEntry[]): Ledger
}
