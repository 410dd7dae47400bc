import { join, resolve } from 'node:path'
import { createAnalysis } from '../engine/analysis'
import { onnxCompiler } from '../engine/compiler'
import type { CommandContext } from './context'
import {
  checkParameters,
  parseMethod,
  parseOptions,
  parseParameters,
  parseScope,
  parseStart,
  parseTarget,
  required,
} from './options'
import { plainNames, writeArrays, writeFiles } from './outputs'
import { describeExplanation } from './describe'
import { readSubject, userFolder } from './subject'

/** Explains one input and writes relevance.npy, logits.npy, heatmap.png and result.json. */
export async function explain(args: readonly string[], { out, warn, progress }: CommandContext) {
  const options = parseOptions(args, {
    model: { type: 'string' },
    card: { type: 'string' },
    input: { type: 'string' },
    method: { type: 'string' },
    param: { type: 'string', multiple: true },
    class: { type: 'string' },
    against: { type: 'string' },
    start: { type: 'string' },
    tile: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  })
  const scope = parseScope(options.tile)
  const spec = {
    method: parseMethod(required(options.method, 'method')),
    parameters: parseParameters(options.param ?? []),
    target: parseTarget(options.class ?? 'top', options.against),
    start: parseStart(options.start ?? 'logit'),
    scope,
  }
  checkParameters(spec.method, spec.parameters)
  const asked = {
    model: required(options.model, 'model'),
    card: options.card,
    input: required(options.input, 'input'),
    scope,
  }
  const folder = resolve(userFolder(), required(options.out, 'out'))

  const subject = await readSubject(asked, warn)
  const analysis = createAnalysis(onnxCompiler)
  try {
    const explained = await analysis.explain(subject.subject, spec, progress)
    const files = await writeArrays(folder, plainNames, explained, subject)
    const json = JSON.stringify({ ...explained.result, files }, null, 2)
    await writeFiles(folder, [['result.json', `${json}\n`]])
    out(options.json ? `${json}\n` : describeExplanation(explained.result))
    if (!options.json)
      out(`Written to ${join(folder, '')}: ${Object.values(plainNames).join(', ')}, result.json\n`)
  } finally {
    await analysis.release()
  }
}
