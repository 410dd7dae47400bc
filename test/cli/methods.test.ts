import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readNpy } from '../../src/engine/arrays/npy'
import { explanationResultSchema } from '../../src/shared/explanation/result'
import { buildEntry } from '../engine/support/buildEntry'
import { repository, samples } from '../engine/support/paths'
import { quotientCard, quotientModel, quotientNode } from '../engine/support/quotientModel'

/* Composites, missing rules, relevance at a node, several classes at once. */

let entry = ''
let folder = ''
let quotient = ''
beforeAll(async () => {
  entry = await buildEntry('src/cli/index.ts', 'cli-methods')
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-cli-'))
  quotient = join(folder, 'quotient.onnx')
  writeFileSync(quotient, quotientModel())
  const card = JSON.stringify(quotientCard)
  writeFileSync(join(folder, 'quotient.card.json'), card)
}, 60_000)
afterAll(() => {
  rmSync(dirname(entry), { recursive: true })
  rmSync(folder, { recursive: true })
})

let out = ''
let runs = 0
beforeEach(() => {
  out = join(folder, `out-${++runs}`)
})

const lenet = join(samples, 'mnist', 'mnist_lenet.onnx')
const digit = join(samples, 'mnist', 'digits', '3-1.png')
const composites = join(repository, 'assets', 'composites')
const alphaBetaFlat = join(composites, 'alpha2-beta1-flat.json')

function cli(command: string, options: Record<string, string | true>) {
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
const explain = (options: Record<string, string | true>, to = out) =>
  cli('explain', { model: lenet, input: digit, out: to, ...options })
const done = { status: 0, stderr: '' }
const array = (name: string, from = out) => readNpy(readFileSync(join(from, name)), name)
const json = (from = out): unknown => JSON.parse(readFileSync(join(from, 'result.json'), 'utf8'))
const resultIn = (from = out) => explanationResultSchema.parse(json(from))

function refused(answer: ReturnType<typeof cli>, sentence: RegExp) {
  expect(answer).toMatchObject({ status: 2, stdout: '' })
  expect(answer.stderr).toMatch(/^pixelwise: [^\n]+\n$/)
  expect(answer.stderr).toMatch(sentence)
}

describe('a composite of one’s own', () => {
  it('computes what the built-in method of the same rules computes, and is stated whole', () => {
    expect(explain({ composite: alphaBetaFlat })).toMatchObject(done)
    const builtIn = join(folder, 'built-in')
    expect(explain({ method: 'epsilon-alpha2-beta1-flat' }, builtIn)).toMatchObject(done)
    expect([...array('relevance.npy').data]).toEqual([...array('relevance.npy', builtIn).data])
    const { spec, ledger } = resultIn()
    expect(spec.method).toBe('custom')
    expect(spec.composite).toMatchObject({ name: 'α2β1, the first layer flat' })
    expect(spec.composite?.layers).toHaveLength(3)
    expect(ledger?.balanced).toBe(true)
  })

  it('of the other example gives each layer its rule', () => {
    const composite = join(composites, 'gamma-early-epsilon-late.json')
    expect(explain({ composite })).toMatchObject(done)
    const { ledger } = resultIn()
    expect(ledger?.balanced).toBe(true)
    const rules = ledger?.entries.map(({ operator, rule }) => `${operator} ${rule}`) ?? []
    expect(rules.filter((rule) => rule.startsWith('Conv')).at(-1)).toMatch(/wSquare/)
    expect(rules.filter((rule) => rule.startsWith('Gemm'))[0]).toMatch(/zero|epsilon 0/)
  })

  it('is refused by the place that is wrong, and where it leaves a layer out by the layer', () => {
    const write = (name: string, value: unknown) => {
      const path = join(folder, name)
      writeFileSync(path, JSON.stringify(value))
      return path
    }
    const head = { schema: 'pixelwise-composite/1', name: 'Half' }
    const wrong = [{ select: {}, apply: { rule: 'gamma', gamma: -1 } }]
    const composite = write('wrong.json', { ...head, layers: wrong })
    refused(explain({ composite }), /“wrong.json” .*layers\[0\]\.apply\.gamma must be at least 0/)
    const dense = [{ select: { layer: 'dense' }, apply: { rule: 'zero' } }]
    const half = write('half.json', { ...head, layers: dense })
    refused(explain({ composite: half }), /composite has no rule for “.*Conv.*” \(linear layer \d/i)
    refused(explain({ composite: join(folder, 'none.json') }), /“none.json” is not there/)
    refused(
      explain({ composite: alphaBetaFlat, method: 'epsilon' }),
      /epsilon has rules of its own/,
    )
    refused(explain({ method: 'custom' }), /The method custom has no rules/)
  })

  it('is inspected before anything runs', () => {
    const shown = cli('inspect', { model: lenet, composite: alphaBetaFlat })
    expect(shown).toMatchObject(done)
    expect(shown.stdout).toMatch(/Conv +rule +flat/)
    expect(shown.stdout).toMatch(/nodes are covered by the composite “α2β1, the first layer flat”/)
  })
})

describe('an operator without a rule', () => {
  it('is refused by name, or takes the gradient when asked, and the ledger says where', () => {
    const asked = { model: quotient, method: 'epsilon' }
    refused(explain(asked), /“\/quotient” \(Div\).*--missing gradient/)
    const answer = explain({ ...asked, missing: 'gradient' })
    expect(answer).toMatchObject(done)
    expect(answer.stdout).toMatch(/by epsilon, with the gradient at one node without a rule/)
    const { ledger, spec } = resultIn()
    expect(spec.missing).toBe('gradient')
    const marked = ledger?.entries.filter(({ rule }) => rule === 'gradient') ?? []
    expect(marked.map(({ node }) => node)).toEqual([quotientNode])
  })

  it('is shown as such by inspect', () => {
    const refusedBy = cli('inspect', { model: quotient, method: 'epsilon' })
    expect(refusedBy.stdout).toMatch(/1 of \d+ nodes cannot be explained by epsilon: \/quotient/)
    const taken = cli('inspect', { model: quotient, method: 'epsilon', missing: 'gradient' })
    expect(taken.stdout).toMatch(/\/quotient +Div +gradient/)
    expect(taken.stdout).toMatch(/1 of them by the gradient in place of a rule: \/quotient \(Div\)/)
  })
})

describe('relevance at a node', () => {
  it('is written in the node’s own shape and sums to what the layer above passed on', () => {
    const node = '/Relu'
    const nodes = cli('inspect', { model: lenet, json: true })
    const names = z
      .object({
        coverage: z.object({
          nodes: z.array(z.object({ node: z.string(), operator: z.string(), kind: z.string() })),
        }),
      })
      .parse(JSON.parse(nodes.stdout)).coverage.nodes
    const dense = names.findLast(({ operator }) => operator === 'Relu')?.node ?? node
    expect(explain({ method: 'epsilon', at: dense })).toMatchObject(done)
    const inside = array('relevance_at.npy')
    const report = z
      .object({
        files: z.object({
          at: z.object({ file: z.string(), node: z.string(), shape: z.array(z.number()) }),
        }),
      })
      .parse(json())
    expect(report.files.at).toMatchObject({ file: 'relevance_at.npy', node: dense })
    expect(report.files.at.shape).toEqual(inside.shape)
    // Behind the last ReLU there is one dense layer: what it passed on is what arrives there.
    const { ledger } = resultIn()
    const last = ledger?.entries.find(({ operator }) => /Gemm|MatMul/.test(operator))
    const sum = inside.data.reduce((total, value) => total + value, 0)
    expect(sum).toBeCloseTo(last?.relevanceIn ?? Number.NaN, 3)
  })

  it('needs a node that is there, one pass, and one sample', () => {
    refused(explain({ method: 'epsilon', at: '/nowhere' }), /no node “\/nowhere”/)
    refused(explain({ method: 'smoothgrad', at: '/Relu' }), /--at needs one pass/)
    const ihc = join(samples, 'ihc')
    refused(
      explain({
        model: join(ihc, 'ihc-dab.onnx'),
        input: join(ihc, 'ihc.png'),
        method: 'epsilon',
        at: '/Relu',
      }),
      /--at needs a single sample, and the whole image is \d+ tiles/,
    )
  })
})

describe('several classes', () => {
  const several = z.object({
    schema: z.literal('pixelwise-explanations/1'),
    sharedRun: z.boolean(),
    results: z.array(
      explanationResultSchema.extend({
        files: z.object({ relevance: z.object({ file: z.string() }) }).loose(),
      }),
    ),
  })

  it('are explained in one run as each would be alone', () => {
    expect(explain({ method: 'epsilon-plus', class: '3,7,9' })).toMatchObject(done)
    expect(readdirSync(out).sort()).toEqual([
      'heatmap_3.png',
      'heatmap_7.png',
      'heatmap_9.png',
      'logits.npy',
      'relevance_3.npy',
      'relevance_7.npy',
      'relevance_9.npy',
      'result.json',
    ])
    const report = several.parse(json())
    expect(report.sharedRun).toBe(true)
    expect(report.results.map(({ explained }) => explained.index)).toEqual([3, 7, 9])
    const alone = join(folder, 'alone')
    for (const result of report.results) {
      const index = result.explained.index
      expect(result.spec.target).toEqual({ kind: 'class', index })
      expect(result.ledger?.balanced).toBe(true)
      expect(explain({ method: 'epsilon-plus', class: String(index) }, alone)).toMatchObject(done)
      const theirs = array('relevance.npy', alone).data
      const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      for (const [at, value] of array(result.files.relevance.file).data.entries())
        expect(Math.abs(value - (theirs[at] ?? Number.NaN))).toBeLessThan(1e-5 * largest)
      expect(result.startRelevance).toBeCloseTo(resultIn(alone).startRelevance, 4)
      expect(result.ledger?.entries.map(({ node }) => node)).toEqual(
        resultIn(alone).ledger?.entries.map(({ node }) => node),
      )
    }
  })

  it('may be the best, may be held against one, and print alone with --json', () => {
    const best = explain({ method: 'gradient', class: 'top3', json: true })
    expect(best).toMatchObject(done)
    const { results } = several.parse(JSON.parse(best.stdout))
    expect(results).toHaveLength(3)
    expect(results[0]?.explained.index).toBe(3)
    const top = results[0]?.prediction.top.slice(0, 3).map(({ index }) => index)
    expect(results.map(({ explained }) => explained.index)).toEqual(top)

    const against = join(folder, 'against')
    expect(explain({ method: 'epsilon', class: '7,9', against: '3' }, against)).toMatchObject(done)
    expect(several.parse(json(against)).results.map((result) => result.against?.index)).toEqual([
      3, 3,
    ])
  })

  it('of tiles are explained one after another', () => {
    const ihc = join(samples, 'ihc')
    const answer = explain({
      model: join(ihc, 'ihc-dab.onnx'),
      input: join(ihc, 'ihc.png'),
      method: 'gradient',
      class: '0,1',
      json: true,
    })
    expect(answer).toMatchObject(done)
    const report = several.parse(JSON.parse(answer.stdout))
    expect(report.sharedRun).toBe(false)
    expect(report.results).toHaveLength(2)
  }, 60_000)

  it('that are not there are refused', () => {
    refused(explain({ method: 'epsilon', class: '3,10' }), /no class 10/)
    refused(explain({ method: 'epsilon', class: '3,7', against: '7' }), /held against itself/)
  })
})

describe('parameters that contradict', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ method: 'zero', param: 'epsilon=1' }, /zero has no parameter epsilon/],
    [{ method: 'occlusion', param: 'baseline=grey' }, /baseline is one of zero, mean/],
  ])('%o', (options, sentence) => {
    refused(explain(options), sentence)
  })

  it('each alone possible', () => {
    const twice = (first: string, second: string) => {
      const args = ['explain', '--model', lenet, '--input', digit, '--out', out]
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [entry, ...args, ...first.split(' '), ...second.split(' ')],
        { cwd: folder, encoding: 'utf8' },
      )
      return { status, stdout, stderr }
    }
    refused(
      twice('--method occlusion --param patch=4', '--param stride=5'),
      /stride of 5 is larger than the square of 4/,
    )
    refused(
      twice('--method epsilon-gamma-box --param low=1', '--param high=-1'),
      /low 1 is above high -1/,
    )
  })
})

describe('methods of many passes', () => {
  it('state what they measure of themselves, in the result and in words', () => {
    const answer = explain({ method: 'integrated-gradients', param: 'baseline=low' })
    expect(answer).toMatchObject(done)
    expect(answer.stdout).toMatch(
      /Ledger: none, integrated-gradients does not distribute relevance\n {2}score of the input, f\(x\): /,
    )
    const { measures = [], sumRelevance, conventions, startRelevance, explained } = resultIn()
    const [score, baseline, residual] = measures.map(({ value }) => value)
    expect(score).toBeCloseTo(explained.logit, 4)
    expect(residual).toBeCloseTo(sumRelevance - ((score ?? NaN) - (baseline ?? NaN)), 3)
    expect(startRelevance).toBe(1)
    const said = new Map(conventions.map(({ name, value }) => [name, value]))
    expect(said.get('baseline b')).toMatch(/^low: the lowest value of a pixel/)
    expect(said.get(measures[2]?.name ?? '')).toBe(String(Number((residual ?? NaN).toPrecision(6))))
  })

  it('give the same bits for the same seed', () => {
    const again = join(folder, 'again')
    const options = { method: 'smoothgrad', param: 'seed=3' }
    expect(explain(options)).toMatchObject(done)
    expect(explain(options, again)).toMatchObject(done)
    expect([...array('relevance.npy').data]).toEqual([...array('relevance.npy', again).data])
  })
})
