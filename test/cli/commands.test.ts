import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readNpy } from '../../src/engine/arrays/npy'
import { decodePng } from '../../src/engine/images/png'
import { explanationResultSchema } from '../../src/shared/explanation/result'
import { buildEntry } from '../engine/support/buildEntry'
import { goldens, images, samples } from '../engine/support/paths'
import { oddModel, quotientModel } from '../engine/support/quotientModel'

let entry = ''
let folder = ''
beforeAll(async () => {
  entry = await buildEntry('src/cli/index.ts', 'cli')
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-cli-'))
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

function cli(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const npy = (name: string) => readNpy(readFileSync(join(out, name)), name)
const resultOf = () =>
  explanationResultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')))

const lenet = join(samples, 'mnist', 'mnist_lenet.onnx')
const digit = join(samples, 'mnist', 'digits', '3-1.png')

describe('explain', () => {
  it('writes relevance, logits, heatmap and result', () => {
    const done = cli(
      'explain',
      '--model',
      lenet,
      '--input',
      digit,
      '--method',
      'epsilon-plus-flat',
      '--out',
      out,
    )
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(done.stdout).toMatch(/Explained: 3 “3”/)
    expect(readdirSync(out).sort()).toEqual([
      'heatmap.png',
      'logits.npy',
      'relevance.npy',
      'result.json',
    ])

    const relevance = npy('relevance.npy')
    const logits = npy('logits.npy')
    const result = resultOf()
    expect(relevance.shape).toEqual([1, 1, 28, 28])
    expect(logits.shape).toEqual([1, 10])
    expect(result.explained.logit).toBeCloseTo(logits.data[3] ?? Number.NaN, 5)
    expect(relevance.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      result.sumRelevance,
      5,
    )
    expect(result.ledger?.balanced).toBe(true)
    expect(result.model.cardSha256).not.toBeNull()
    expect(Object.keys(result.versions)).toEqual(
      expect.arrayContaining(['pixelwise', 'onnxruntime-node', 'node']),
    )
    // 28 px are drawn sixteen times as large.
    expect(decodePng(readFileSync(join(out, 'heatmap.png')), 'heatmap')).toMatchObject({
      width: 448,
      height: 448,
    })
  })

  it('states provider and threads, and why another provider than the one asked for ran', () => {
    // Neither exists on the other system, nor on Linux.
    const [name, title] =
      process.platform === 'darwin' ? ['directml', 'DirectML'] : ['coreml', 'Core ML']
    const model = ['--model', lenet, '--input', digit, '--threads', '1']
    const method = ['--method', 'epsilon', '--out', out]
    const notice = `${title} does not exist on this system. The CPU runs instead.`

    const done = cli('explain', ...model, ...method, '--provider', name)
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(done.stdout).toMatch(/^Provider CPU, 1 thread; compile .*\n.* The CPU runs instead\.$/m)
    expect(resultOf()).toMatchObject({ provider: 'cpu', threads: 1, notices: [notice] })
    expect(resultOf().conventions).toContainEqual({
      name: 'reproducibility',
      value: expect.stringContaining('bit-identical for the same provider and thread count'),
    })
    const asked = npy('relevance.npy')

    expect(cli('explain', ...model, ...method)).toMatchObject({ status: 0 })
    expect(resultOf()).toMatchObject({ provider: 'cpu', threads: 1, notices: [] })
    expect(npy('relevance.npy')).toEqual(asked)

    const classified = cli('classify', ...model, '--provider', name)
    expect(classified.stdout).toContain('Provider CPU, 1 thread; forward ')
    expect(classified.stdout).toContain(notice)
  })

  it('feeds a .npy as it is and stays within the golden’s tolerance', () => {
    const golden = join(goldens, 'lenet_maxpool')
    const meta = z
      .object({ class_index: z.number(), methods: z.record(z.string(), z.unknown()).optional() })
      .parse(JSON.parse(readFileSync(join(golden, 'meta.json'), 'utf8')))
    const done = cli(
      'explain',
      '--model',
      join(golden, 'model.onnx'),
      '--input',
      join(golden, 'input.npy'),
      '--method',
      'epsilon',
      '--param',
      'epsilon=0.25',
      '--class',
      String(meta.class_index),
      '--out',
      out,
    )
    expect(done).toMatchObject({ status: 0, stderr: '' })
    const ours = npy('relevance.npy')
    const theirs = readNpy(readFileSync(join(golden, 'epsilon_0.25.npy')))
    expect(ours.shape).toEqual(theirs.shape)
    const norm = (values: readonly number[]) => Math.hypot(...values)
    const error = norm(Array.from(ours.data, (value, i) => value - (theirs.data[i] ?? Number.NaN)))
    expect(error / norm(Array.from(theirs.data))).toBeLessThan(1e-5)
    const logits = readNpy(readFileSync(join(golden, 'logits.npy')))
    for (const [i, logit] of npy('logits.npy').data.entries())
      expect(logit).toBeCloseTo(logits.data[i] ?? Number.NaN, 4)
  })

  it('prints the result and nothing else with --json', () => {
    const done = cli(
      'explain',
      '--model',
      lenet,
      '--input',
      digit,
      '--method',
      'gradient',
      '--start',
      'unit',
      '--class',
      '8',
      '--against',
      '3',
      '--json',
      '--out',
      out,
    )
    expect(done).toMatchObject({ status: 0, stderr: '' })
    const result = explanationResultSchema.parse(JSON.parse(done.stdout))
    expect(result).toEqual(resultOf())
    expect(result.against?.index).toBe(3)
    expect(result.ledger).toBeNull()
  })

  it('explains one tile', () => {
    const ihc = join(samples, 'ihc')
    const done = cli(
      'explain',
      '--model',
      join(ihc, 'ihc-dab.onnx'),
      '--input',
      join(ihc, 'ihc.png'),
      '--method',
      'epsilon-gamma-box',
      '--tile',
      '64,96',
      '--out',
      out,
    )
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(npy('relevance.npy').shape).toEqual([1, 3, 64, 64])
    expect(resultOf().region).toEqual({ x: 64, y: 96, width: 64, height: 64 })
  })

  it('proposes a card where there is none, and says so on stderr', () => {
    const model = join(folder, 'bare.onnx')
    copyFileSync(lenet, model)
    const done = cli(
      'explain',
      '--model',
      model,
      '--input',
      digit,
      '--method',
      'epsilon',
      '--out',
      out,
    )
    expect(done.status).toBe(0)
    expect(done.stderr).toMatch(
      /^pixelwise: There is no card beside “bare.onnx”; this is assumed\./,
    )
    expect(resultOf().explained.label).toBe('class 3')
  })
})

describe('classify', () => {
  it('prints the top-5, as a table and for machines', () => {
    const args = ['classify', '--model', lenet, '--input', digit]
    expect(cli(...args).stdout).toMatch(/^class {2}label/)
    const printed = z
      .object({ top: z.array(z.object({ label: z.string(), probability: z.number() })) })
      .parse(JSON.parse(cli(...args, '--json').stdout))
    expect(printed.top).toHaveLength(5)
    expect(printed.top[0]?.label).toBe('3')
  })
})

describe('inspect', () => {
  it('prints every node with what becomes of it', () => {
    const text = cli('inspect', '--model', lenet)
    expect(text.status).toBe(0)
    expect(text.stdout).toMatch(/Conv .*rule/)
    expect(text.stdout).toMatch(/All \d+ nodes are covered by epsilon-plus-flat\./)
  })

  it('names what is missing and runs nothing', () => {
    const model = join(folder, 'quotient.onnx')
    writeFileSync(model, quotientModel())
    const done = cli('inspect', '--model', model, '--json')
    expect(done.status).toBe(0)
    const printed = z
      .object({
        coverage: z.object({
          supported: z.boolean(),
          nodes: z.array(z.object({ operator: z.string(), kind: z.string() })),
        }),
      })
      .parse(JSON.parse(done.stdout))
    expect(printed.coverage.supported).toBe(false)
    expect(printed.coverage.nodes).toContainEqual(
      expect.objectContaining({ operator: 'Div', kind: 'missing' }),
    )
  })
})

describe('bad input: exit status 2 and one line on stderr', () => {
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const explain = (change: Record<string, string>) => {
    const options = { model: lenet, input: digit, method: 'epsilon', out, ...change }
    return cli('explain', ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]))
  }

  function refused(done: ReturnType<typeof cli>, sentence: RegExp) {
    expect(done).toMatchObject({ status: 2, stdout: '' })
    expect(done.stderr).toMatch(/^pixelwise: [^\n]+\n$/)
    expect(done.stderr).toMatch(sentence)
    expect(done.stderr).not.toMatch(/ {4}at |node:internal/)
  }

  it.each([
    ['no command', [], /--help/],
    ['an unknown command', ['explode'], /no command “explode”/],
    ['an unknown option', ['explain', '--modle', 'x'], /--modle/],
    ['a missing option', ['explain', '--method', 'epsilon'], /--out is missing|--model is missing/],
  ])('%s', (_name, args, sentence) => refused(cli(...args), sentence))

  it('a method or class that is not there', () => {
    refused(
      explain({ provider: 'gpu' }),
      /no provider “gpu”.*auto, cuda, directml, coreml, webgpu, cpu/,
    )
    refused(explain({ threads: '0' }), /--threads is “0”/)
    refused(explain({ method: 'magic' }), /no method “magic”/)
    refused(explain({ class: '10' }), /no class 10/)
    refused(explain({ param: 'epsilon=x' }), /epsilon=x/)
  })

  it('a file that is not there, or empty, or text', () => {
    refused(explain({ model: join(folder, 'none.onnx') }), /“none.onnx” is not there/)
    refused(explain({ model: write('text.onnx', 'this is text') }), /ONNX/)
    refused(explain({ model: write('zero.onnx', '') }), /empty/)
    refused(explain({ input: write('zero.png', '') }), /empty/)
    refused(explain({ input: write('text.png', 'this is text') }), /not an image/)
    refused(explain({ input: write('text.npy', 'this is text') }), /\.npy/)
  })

  it('a truncated image and one that is too large', () => {
    const png = readFileSync(join(images, 'coffee-48.png'))
    refused(explain({ input: write('cut.png', png.subarray(0, 900)) }), /damaged or incomplete/)
    refused(explain({ input: join(images, 'cmyk.jpg') }), /CMYK/)
  })

  it('an array of another shape', () => {
    const input = join(goldens, 'mlp_relu', 'input.npy')
    refused(explain({ input }), /\(1, 1, 16, 16\), the model takes \(1, 1, 28, 28\)/)
  })

  it('an operator that cannot be explained: node, operator and what is supported', () => {
    const model = write('odd.onnx', oddModel())
    refused(
      explain({ model, input: join(goldens, 'mlp_relu', 'input.npy') }),
      /“\/odd” \(Foo\).*Supported operators: Abs, .*Add, /,
    )
  })

  it('a card that is broken or contradicts the graph', () => {
    refused(explain({ card: write('bad.card.json', '{') }), /not valid JSON/)
    const card: unknown = JSON.parse(
      readFileSync(join(samples, 'mnist', 'mnist_lenet.card.json'), 'utf8'),
    )
    const wrong = JSON.stringify({
      ...z.record(z.string(), z.unknown()).parse(card),
      labels: ['one'],
    })
    refused(
      explain({ card: write('wrong.card.json', wrong) }),
      /names 1 label, the model has 10 classes/,
    )
  })

  it('a folder that cannot be written', () => {
    refused(explain({ out: join(write('a-file', ''), 'below') }), /cannot be written/)
  })
})

describe('demo', () => {
  it('explains the samples, prints the table and writes the report', () => {
    const done = cli('demo', '--out', out)
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(done.stdout).toMatch(
      /^image +model +method +top-5 \(probability\) +logit +Σ relevance +largest residual +provider +ms/,
    )
    expect(done.stdout).toMatch(/ihc\.png .*DAB-positive/)
    const files = readdirSync(out)
    expect(files).toEqual(
      expect.arrayContaining(['result.json', 'relevance.npy', 'report.pdf', 'report.json']),
    )
    expect(files.filter((name) => name.endsWith('.png'))).toHaveLength(13)
    expect(npy('relevance.npy').shape).toEqual([1, 3, 512, 512])
    expect(readFileSync(join(out, 'report.pdf'), 'latin1')).toMatch(/^%PDF-/)
    const printed = z
      .object({ results: z.array(explanationResultSchema.loose()) })
      .parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')))
    expect(printed.results).toHaveLength(13)
    for (const { ledger } of printed.results) expect(ledger?.balanced).toBe(true)
  }, 120_000)
})
