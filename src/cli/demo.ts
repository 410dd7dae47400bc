import { join, resolve } from 'node:path'
import { createAnalysis, type Analysis } from '../engine/analysis'
import { writeNpy } from '../engine/arrays/npy'
import { onnxCompiler } from '../engine/compiler'
import type { CommandContext } from './context'
import { demoTable } from './demo/table'
import { demoSamples, type DemoSample } from './demo/samples'
import { writeDemoReport } from './demo/report'
import type { DemoResult } from './demo/result'
import { parseOptions } from './options'
import { heatmapPng } from './outputs'
import { packageFolder } from './packageFolder'
import { assertFolder, resultName, writeFiles } from './resultFolder'
import { readSubject, userFolder } from './subject'

/**
 * The main job without a window: explains the bundled samples with the bundled models, prints a table,
 * and writes heatmaps, relevance, results and a report of the tissue image to out/demo.
 */
export async function demo(args: readonly string[], context: CommandContext) {
  const { out } = context
  const options = parseOptions(args, { out: { type: 'string' }, json: { type: 'boolean' } })
  const root = packageFolder()
  const folder =
    options.out === undefined ? join(root, 'out', 'demo') : resolve(userFolder(), options.out)
  await assertFolder(folder)
  const results: DemoResult[] = []
  const analysis = createAnalysis(onnxCompiler)
  try {
    for (const sample of demoSamples(root))
      results.push(await explainSample(analysis, sample, context))
  } finally {
    await analysis.release()
  }
  const rows = results.map(({ sample, result }) => ({
    image: sample.image,
    heatmap: `${sample.name}-heatmap.png`,
    ...result,
  }))
  const json = JSON.stringify({ schema: 'pixelwise-demo/1', results: rows }, null, 2)
  await writeFiles(folder, [
    ...results.map(
      ({ sample, result, relevance }) =>
        [`${sample.name}-heatmap.png`, heatmapPng(result.shape, relevance).png] as const,
    ),
    ...results.map(
      ({ sample, result, relevance }) =>
        [relevanceName(sample, results), writeNpy([1, ...result.shape], relevance)] as const,
    ),
    [resultName, `${json}\n`],
  ])
  const [first] = results
  const pages = first ? await writeDemoReport(folder, first) : 0
  if (options.json) {
    out(`${json}\n`)
    return
  }
  out(`${demoTable(results)}\n`)
  out(
    'The tissue image is seen by overlapping tiles: its logit is the mean over them, its relevance a map of means.\n',
  )
  out(
    `Written to ${folder}: ${results.length} heatmaps, relevance.npy and one array per digit, result.json, report.pdf (${pages} pages)\n`,
  )
}

async function explainSample(
  analysis: Analysis,
  sample: DemoSample,
  { warn, progress }: CommandContext,
): Promise<DemoResult> {
  const scope = { kind: 'whole' } as const
  const subject = await readSubject(
    { model: sample.model, card: undefined, input: sample.image, scope },
    warn,
  )
  const spec = {
    method: sample.method,
    parameters: {},
    target: { kind: 'top' },
    start: 'logit',
    scope,
  } as const
  return { sample, subject, ...(await analysis.explain(subject.subject, spec, progress)) }
}

/** The tissue image is the demo's main result and has the plain name. */
function relevanceName(sample: DemoSample, results: readonly DemoResult[]): string {
  return sample === results[0]?.sample ? 'relevance.npy' : `${sample.name}-relevance.npy`
}
