import type { ModelCard } from '../shared/card'
import { AppError } from '../shared/errors'
import { plainName, quoted } from '../engine/onnx/names'
import type { GraphInspection } from '../engine/lrp/explainerTypes'

/** @throws AppError `invalid-input` when --output names another output than the card. */
export function checkWithCard(asked: string | undefined, { output }: ModelCard): void {
  if (asked === undefined || asked === output.name) return
  throw new AppError(
    'invalid-input',
    `The card names “${plainName(output.name)}” as the output, --output names “${plainName(asked)}”.`,
    'Leave --output away, or correct the card.',
  )
}

/** @throws AppError `invalid-input` when --output names an output that the model does not have. */
export function checkWithGraph(
  asked: string | undefined,
  { outputs }: GraphInspection,
  file: string,
): void {
  const names = outputs.map(({ name }) => name)
  if (asked === undefined || names.includes(asked)) return
  throw new AppError(
    'invalid-input',
    `“${file}” has no output “${plainName(asked)}”; it has ${quoted(names)}.`,
    'Choose one of these with --output NAME.',
  )
}

/** @throws AppError `invalid-input` when several outputs may hold the classes, and nobody says which. */
export function assertNoChoice({ classOutputs }: GraphInspection, file: string): void {
  if (classOutputs.length < 2) return
  throw new AppError(
    'invalid-input',
    `“${file}” has ${classOutputs.length} outputs that may hold its classes: ${quoted(classOutputs)}.`,
    'Choose one with --output NAME, or name it in a model card.',
  )
}
