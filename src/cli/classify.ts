import { createAnalysis } from '../engine/analysis'
import { onnxCompiler } from '../engine/compiler'
import { versions } from '../engine/versions'
import type { CommandContext } from './context'
import { describeClassification } from './describe'
import { parseOptions, parseScope, required } from './options'
import { parseRuntime, runtimeOptions } from './runtime'
import { readSubject } from './subject'

/** Prints the top-5. */
export async function classify(args: readonly string[], { out, warn, progress }: CommandContext) {
  const options = parseOptions(args, {
    model: { type: 'string' },
    card: { type: 'string' },
    output: { type: 'string' },
    input: { type: 'string' },
    tile: { type: 'string' },
    ...runtimeOptions,
    json: { type: 'boolean' },
  })
  const { subject } = await readSubject(
    {
      model: required(options.model, 'model'),
      card: options.card,
      output: options.output,
      input: required(options.input, 'input'),
      scope: parseScope(options.tile),
      runtime: parseRuntime(options),
    },
    warn,
  )
  const analysis = createAnalysis(onnxCompiler)
  try {
    const prediction = await analysis.predict(subject, progress)
    const { name, version, model, cardSha256, input } = subject
    const report = {
      ...prediction,
      model: { name, version, sha256: model.sha256, cardSha256 },
      input,
      versions: versions(),
    }
    out(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeClassification(prediction))
  } finally {
    await analysis.release()
  }
}
