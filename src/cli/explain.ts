import { join, resolve } from 'node:path'
import { AppError } from '../shared/errors'
import { checkSpec } from '../shared/explanation/checkSpec'
import { hasSinglePass, type ExplanationSpec, type Target } from '../shared/explanation/method'
import { createAnalysis, type Analysis } from '../engine/analysis'
import { onnxCompiler } from '../engine/compiler'
import { gradientAdvice } from '../engine/inference/missingRules'
import type { CommandContext } from './context'
import { describeExplanation, describeExplanations } from './describe'
import {
  parseClasses,
  parseMethod,
  parseOptions,
  parseParameters,
  parseScope,
  parseStart,
  required,
  wrong,
  type ClassQuestion,
} from './options'
import { arrayFiles, namesOf, plainNames, type Explained, type NamedFile } from './outputs'
import { assertFolder, resultName, writeFiles } from './resultFolder'
import { askedRules, ruleOptions } from './rules'
import { parseRuntime, runtimeOptions } from './runtime'
import { readSubject, userFolder, type CommandSubject } from './subject'

/** One question to one input, as the options ask it. */
interface Job {
  readonly spec: Omit<ExplanationSpec, 'target'>
  /** The node whose output's relevance is wanted as well. */
  readonly at: string | undefined
  readonly folder: string
  readonly subject: CommandSubject
  readonly analysis: Analysis
}

/**
 * Explains one input and writes relevance.npy, logits.npy, heatmap.png and result.json; of several classes
 * a relevance and a heatmap each.
 */
export async function explain(args: readonly string[], context: CommandContext) {
  const options = parseOptions(args, {
    model: { type: 'string' },
    card: { type: 'string' },
    output: { type: 'string' },
    input: { type: 'string' },
    ...ruleOptions,
    param: { type: 'string', multiple: true },
    class: { type: 'string' },
    against: { type: 'string' },
    start: { type: 'string' },
    tile: { type: 'string' },
    at: { type: 'string' },
    ...runtimeOptions,
    out: { type: 'string' },
    json: { type: 'boolean' },
  })
  const scope = parseScope(options.tile)
  const rules = await askedRules(options)
  const spec = {
    ...rules,
    method: rules.method ?? parseMethod(required(options.method, 'method')),
    parameters: parseParameters(options.param ?? []),
    start: parseStart(options.start ?? 'logit'),
    scope,
  }
  checkSpec(spec)
  const classes = parseClasses(options.class ?? 'top', options.against)
  const { at } = options
  if (at !== undefined && !hasSinglePass(spec.method))
    throw wrong(
      `--at needs one pass back through the network, and ${spec.method} makes many or none`,
      'Leave --at away, or choose gradient or a method of relevance propagation.',
    )
  const asked = {
    model: required(options.model, 'model'),
    card: options.card,
    output: options.output,
    input: required(options.input, 'input'),
    scope,
    runtime: parseRuntime(options),
  }
  const folder = resolve(userFolder(), required(options.out, 'out'))
  await assertFolder(folder)

  const subject = await readSubject(asked, context.warn)
  if (at !== undefined && subject.subject.sampling.count > 1)
    throw wrong(
      `--at needs a single sample, and the whole image is ${subject.subject.sampling.count} tiles`,
      'Choose one tile with --tile X,Y.',
    )
  const analysis = createAnalysis(onnxCompiler)
  const job: Job = { spec, at, folder, subject, analysis }
  try {
    const written =
      classes.kind === 'one'
        ? await explainOne(job, classes.target, context)
        : await explainSeveral(job, await targetsOf(job, classes, context), context)
    context.out(options.json ? written.json : written.text)
  } catch (error) {
    throw withOption(error)
  } finally {
    await analysis.release()
  }
}

/** The advice with the option that follows it. */
function withOption(error: unknown): unknown {
  if (!(error instanceof AppError) || error.hint !== gradientAdvice) return error
  const hint = `${error.hint} The option is --missing gradient.`
  return new AppError(error.code, error.message, hint, { cause: error })
}

async function targetsOf(
  { analysis, subject }: Job,
  classes: Exclude<ClassQuestion, { kind: 'one' }>,
  { progress }: CommandContext,
): Promise<readonly Target[]> {
  if (classes.kind === 'several') return classes.targets
  const { top } = await analysis.predict(subject.subject, progress)
  return top.slice(0, classes.count).map(({ index }) => ({ kind: 'class', index }))
}

interface Written {
  readonly json: string
  readonly text: string
}

async function explainOne(
  { analysis, subject, spec, at, folder }: Job,
  target: Target,
  { progress }: CommandContext,
): Promise<Written> {
  const explained = await analysis.explain(subject.subject, { ...spec, target }, progress, at)
  const { files, stated } = arrayFiles(plainNames, explained, subject, at)
  const json = `${JSON.stringify({ ...explained.result, files: stated }, null, 2)}\n`
  const written = await writeResult(folder, files, json)
  return { json, text: `${describeExplanation(explained.result)}${written}` }
}

async function explainSeveral(
  { analysis, subject, spec, at, folder }: Job,
  targets: readonly Target[],
  { progress }: CommandContext,
): Promise<Written> {
  const { explanations, sharedRun } = await analysis.explainClasses(
    subject.subject,
    spec,
    targets,
    progress,
    at,
  )
  const results: (Explained['result'] & { readonly files: object })[] = []
  const all: NamedFile[] = []
  for (const explained of explanations) {
    const names = namesOf(explained.result.explained.index)
    const { files, stated } = arrayFiles(names, explained, subject, at)
    all.push(...files)
    results.push({ ...explained.result, files: stated })
  }
  const report = { schema: 'pixelwise-explanations/1', sharedRun, results }
  const json = `${JSON.stringify(report, null, 2)}\n`
  const written = await writeResult(folder, all, json)
  return { json, text: `${describeExplanations(results, sharedRun)}${written}` }
}

/** @returns what was written where, as a line. */
async function writeResult(
  folder: string,
  files: readonly NamedFile[],
  json: string,
): Promise<string> {
  const all: readonly NamedFile[] = [...files, [resultName, json]]
  await writeFiles(folder, all)
  const names = new Set(all.map(([name]) => name))
  return `Written to ${join(folder, '')}: ${[...names].join(', ')}\n`
}
