import type { MethodName } from '../../shared/explanation/method'
import type { Ledger, LedgerEntry } from '../../shared/explanation/result'
import type {
  Classifier,
  Explainer,
  ExplainerOptions,
  GraphInspection,
} from '../lrp/explainerTypes'

/** What a card adds to a graph that leaves things open. */
export type GraphChoices = Pick<ExplainerOptions, 'sampleShape' | 'outputName'>

/** What inference needs of the LRP compiler; passed in, so that tests can count what is compiled. */
export interface Compiler {
  createClassifier(model: Uint8Array, batch: number, choices?: GraphChoices): Promise<Classifier>
  createExplainer(model: Uint8Array, options: ExplainerOptions): Promise<Explainer>
  inspectGraph(model: Uint8Array, method: MethodName, outputName?: string): Promise<GraphInspection>
  summariseLedger(entries: readonly LedgerEntry[]): Ledger
}
