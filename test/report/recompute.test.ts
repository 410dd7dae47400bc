import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  parseOptions,
  parseParameters,
  parseScope,
  parseStart,
  parseClasses,
  required,
} from '../../src/cli/options'
import { askedRules, ruleOptions } from '../../src/cli/rules'
import { parseRuntime, runtimeOptions } from '../../src/cli/runtime'
import { usage } from '../../src/cli/usage'
import { identityBlocks } from '../../src/report/document/explanationSection'
import { recomputeCommand } from '../../src/report/document/command'
import { parseComposite } from '../../src/shared/explanation/compositeFile'
import type { ReportImage, ReportModel } from '../../src/shared/report/model'
import type { ExplanationSpec } from '../../src/shared/explanation/method'
import { ihcReport, withImage, type Fixture } from './fixtures'

let folder = ''
let fixture: Fixture
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
  fixture = ihcReport(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The rules as the report prints them, below the command. */
function printedRules(model: ReportModel, image: ReportImage): string {
  const blocks = identityBlocks(model, image).flatMap((block) =>
    block.kind === 'code' ? [block.text] : [],
  )
  return blocks[1] ?? ''
}

/** What the command line makes of the command that a report prints for `spec`. */
async function understood(spec: ExplanationSpec) {
  const { model } = withImage(fixture, (image) => {
    const { explanation } = image
    if (!explanation) throw new Error('The fixture is explained.')
    const { result } = explanation
    const against = spec.target.kind === 'contrast' ? result.prediction.top[1] : null
    return { ...image, explanation: { ...explanation, result: { ...result, spec, against } } }
  })
  const [image] = model.images
  const command = (image && recomputeCommand(model, image)) ?? ''
  const [program, verb, ...args] = command.replace(/\\\n/g, '').split(/ +/)
  expect([program, verb]).toEqual(['pixelwise', 'explain'])
  for (const arg of args) if (arg.startsWith('--')) expect(usage).toContain(arg)
  const text = { type: 'string' } as const
  const values = parseOptions(args, {
    ...{ model: text, card: text, input: text, class: text, against: text },
    ...{ start: text, tile: text, out: text, param: { type: 'string', multiple: true } as const },
    ...ruleOptions,
    ...runtimeOptions,
  })
  // Relative to the user's folder, which a test does not choose.
  const file = join(folder, String(values.composite))
  if (image && values.composite !== undefined) writeFileSync(file, printedRules(model, image))
  const rules = await askedRules({
    ...values,
    composite: values.composite === undefined ? undefined : file,
  })
  const classes = parseClasses(required(values.class, 'class'), values.against)
  if (classes.kind !== 'one') throw new Error('A report explains one class.')
  return {
    ...rules,
    parameters: parseParameters(values.param ?? []),
    target: classes.target,
    start: parseStart(required(values.start, 'start')),
    scope: parseScope(values.tile),
  }
}

describe('the command that a report prints', () => {
  it.each<ExplanationSpec>([
    {
      method: 'epsilon-gamma-box',
      parameters: { gamma: 0.25, low: [-2.1, -2.0357142857142856, 1e-9], high: 2.64 },
      target: { kind: 'class', index: 0 },
      start: 'unit',
      scope: { kind: 'tile', x: 128, y: 64 },
    },
    {
      method: 'epsilon',
      parameters: { epsilon: 1e-6 },
      target: { kind: 'contrast', index: 0, against: 2 },
      start: 'logit',
      scope: { kind: 'whole' },
    },
    {
      method: 'occlusion',
      parameters: { patch: 8, stride: 4, baseline: 'mean' },
      target: { kind: 'class', index: 0 },
      start: 'logit',
      scope: { kind: 'whole' },
    },
    {
      method: 'custom',
      parameters: {},
      composite: parseComposite(
        JSON.stringify({
          ...{ schema: 'pixelwise-composite/1', name: 'It’s “mine”', description: 'two\nlines' },
          layers: [
            { select: { name: 'a*', to: 3 }, apply: { rule: 'zBox', low: [-2, -1], high: 1 } },
            { select: {}, apply: { rule: 'epsilon', epsilon: 0.25 } },
          ],
          attention: 'constant',
        }),
        'mine.json',
      ),
      missing: 'gradient',
      target: { kind: 'class', index: 0 },
      start: 'logit',
      scope: { kind: 'whole' },
    },
  ])('asks the command line for the same explanation: $method', async (spec) => {
    expect(await understood(spec)).toEqual(spec)
  })

  it.each([
    { provider: 'cpu', threads: 4, asked: { provider: 'cpu', threads: 4 } },
    { provider: 'webgpu', threads: 2, asked: { provider: 'webgpu', threads: 2 } },
    // A result from before the threads were stated.
    { provider: 'cpu', threads: null, asked: { provider: 'cpu', threads: undefined } },
  ])('asks for the same computation: $provider, $threads', ({ provider, threads, asked }) => {
    const { model } = withImage(fixture, (image) => {
      const { explanation } = image
      if (!explanation) throw new Error('The fixture is explained.')
      const result = { ...explanation.result, provider, threads }
      return { ...image, explanation: { ...explanation, result } }
    })
    const [image] = model.images
    const command = (image && recomputeCommand(model, image)) ?? ''
    const words = command.replace(/\\\n/g, '').split(/ +/)
    const valueOf = (option: string) =>
      words.includes(option) ? words[words.indexOf(option) + 1] : undefined
    expect(
      parseRuntime({ provider: valueOf('--provider'), threads: valueOf('--threads') }),
    ).toEqual(asked)
  })
})
