import type { Compiler } from './inference/compiler'
import { createClassifier, createExplainer, inspectGraph } from './lrp/explainer'
import { summariseLedger } from './lrp/ledger'

/** The LRP compiler on ONNX Runtime. */
export const onnxCompiler: Compiler = {
  createClassifier,
  createExplainer,
  inspectGraph,
  summariseLedger,
}
