import { providerNames } from '../../shared/explanation/provider'
import type { ExplanationResult } from '../../shared/explanation/result'
import type { ReportModel, ReportImage } from '../../shared/report/model'
import { parameterPairs } from './phrases'

/** Under which name the command reads the rules that the report prints. */
export const compositeFileName = 'composite.json'

/** For a POSIX shell: as it is when harmless, else in single quotes. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-')
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

type Option = readonly [name: string, value: string]

/** The CPU promises the same bits for the same number of threads. */
function runtimeOptions({ provider, threads }: ExplanationResult): readonly Option[] {
  const known = providerNames.some((name) => name === provider)
  return [
    ...(known && provider !== 'cpu' ? [['--provider', provider] as const] : []),
    ...(threads === null ? [] : [['--threads', String(threads)] as const]),
  ]
}

/**
 * The command line that computes an image's explanation again, or null when it has none;
 * on several lines, so that it can be copied from the page as it stands.
 */
export function recomputeCommand(model: ReportModel, image: ReportImage): string | null {
  if (!image.explanation) return null
  const { spec, explained, against } = image.explanation.result
  const { fileName } = model.model
  const lines: readonly (readonly Option[])[] = [
    [
      ['--model', fileName],
      ['--card', `${fileName.replace(/\.onnx$/i, '')}.card.json`],
      ['--input', image.name],
    ],
    [
      spec.composite ? ['--composite', compositeFileName] : ['--method', spec.method],
      ...(spec.missing === undefined ? [] : [['--missing', spec.missing] as const]),
      ...parameterPairs(spec.parameters).map((pair): Option => ['--param', pair]),
      ['--start', spec.start],
    ],
    [
      ['--class', String(explained.index)],
      ...(against ? [['--against', String(against.index)] as const] : []),
      ...(spec.scope.kind === 'tile'
        ? [['--tile', `${spec.scope.x},${spec.scope.y}`] as const]
        : []),
      ...runtimeOptions(image.explanation.result),
      ['--out', 'recomputed'],
    ],
  ]
  const written = lines.map((options) =>
    options.map(([name, value]) => `${name} ${shellQuoted(value)}`).join(' '),
  )
  return ['pixelwise explain', ...written].join(' \\\n    ')
}
