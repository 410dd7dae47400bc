import type { Compiler } from './inference/compiler'
import {
  createClassifier,
  createExplainer,
  createStartsExplainer,
  inspectGraph,
} from './lrp/explainer'
import { summariseLedger } from './lrp/ledger'

/** The LRP compiler on ONNX Runtime. */
export const onnxCompiler: Compiler = {
  createClassifier,
  createExplainer,
  createStartsExplainer,
  inspectGraph,
  summariseLedger,
}
