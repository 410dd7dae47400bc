import type { FloatModel } from '../../onnx/floatModel'
import type { NetworkNode } from '../network'
import { evaluate } from './evaluate'
import { expand } from './expand/expand'
import { finiteMasks } from './finiteMasks'
import { assertFiniteWeights } from './finiteWeights'
import type { Draft } from './nodeWriter'
import { assertRunnable } from './runnable'
import { assertSensibleSizes } from './sizes'
import type { Trimmed } from './trim'
import { upgrade } from './upgrade/upgrade'

/** A classifier in operators of opset 17, with every shape and constant known; nothing is folded yet. */
export interface WrittenOut {
  readonly nodes: readonly NetworkNode[]
  readonly draft: Draft
  readonly logits: string
}

/**
 * Lets ONNX Runtime tell shapes and constants, and writes every node in the form of opset 17.
 * @throws NodeRefusal for what only shapes and numbers can tell.
 */
export async function writeOut(
  { model }: Pick<FloatModel, 'model'>,
  trimmed: Trimmed,
): Promise<WrittenOut> {
  assertRunnable(trimmed.graph)
  const evaluated = await evaluate(model, trimmed.graph, trimmed.input.name, trimmed.inputShape)
  assertSensibleSizes(evaluated.nodes, evaluated.shapes)
  const constants = new Map(evaluated.constants)
  const draft: Draft = { constants, shapes: new Map(evaluated.shapes) }
  const masked = finiteMasks(evaluated.nodes, constants)
  assertFiniteWeights(masked, constants)
  const upgraded = upgrade(masked, draft, model.opsets.get('') ?? 1)
  const logits = upgraded.renamed(trimmed.logits)
  return { nodes: expand(upgraded.nodes, draft, logits), draft, logits }
}
