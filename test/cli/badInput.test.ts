import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { writeNpy } from '../../src/engine/arrays/npy'
import { int } from '../../src/engine/onnx/attributes'
import { handModel, node, tensor } from '../engine/onnx/support/handModel'
import { buildEntry } from '../engine/support/buildEntry'
import { samples } from '../engine/support/paths'
import { twoOutputs } from '../engine/support/twoOutputs'

let entry = ''
let folder = ''
beforeAll(async () => {
  entry = await buildEntry('src/cli/index.ts', 'cli')
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-bad-'))
}, 60_000)
afterAll(() => {
  rmSync(dirname(entry), { recursive: true })
  rmSync(folder, { recursive: true })
})

const lenet = join(samples, 'mnist', 'mnist_lenet.onnx')
const digit = join(samples, 'mnist', 'digits', '3-1.png')

function cli(...args: string[]) {
  return spawnSync(process.execPath, [entry, ...args], { cwd: folder, encoding: 'utf8' })
}

function explain(change: Record<string, string>) {
  const options = { model: lenet, input: digit, method: 'epsilon', out: 'out', ...change }
  return cli('explain', ...Object.entries(options).map(([key, value]) => `--${key}=${value}`))
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

/** One line on stderr, and nothing else anywhere. */
function refused(done: ReturnType<typeof cli>, sentence: RegExp) {
  expect(done.stderr).toMatch(sentence)
  expect(done).toMatchObject({ status: 2, stdout: '' })
  expect(done.stderr).toMatch(/^pixelwise: [^\n]+\n$/)
  expect(done.stderr.trimEnd()).not.toMatch(/\p{Cc}/u)
  expect(existsSync(join(folder, 'out'))).toBe(false)
}

test('a failure has one line, whatever was assumed before it', () => {
  const weights = tensor('w', [1, 3, 1, 1], [1, Number.NaN, 1])
  const model = handModel({
    nodes: [node('Conv', ['x', 'w'], 'a'), node('Flatten', ['a'], 'y')],
    tensors: [weights],
    dims: [null, 3, 1, 1],
  })
  refused(explain({ model: write('nan.onnx', model) }), /“a” \(Conv\) has weights .* not finite/)
})

test('without a card the model’s own number of classes counts, whatever the file states', () => {
  const weights = tensor('w', [2, 3], [1, 2, 3, 4, 5, 6])
  const bytes = handModel({
    nodes: [
      node('GlobalAveragePool', ['x'], 'p'),
      node('Flatten', ['p'], 'f'),
      node('Gemm', ['f', 'w'], 'y', { transB: int(1) }),
    ],
    tensors: [weights],
    dims: [null, 3, 4, 4],
    outputDims: [null, 9],
  })
  const done = cli('classify', '--model', write('nine.onnx', bytes), '--input', digit, '--json')
  expect(done.status).toBe(0)
  expect(z.object({ logits: z.array(z.number()) }).parse(JSON.parse(done.stdout)).logits).toHaveLength(2) // prettier-ignore
})

test('of several outputs that may hold the classes one has to be named', () => {
  const model = write('two.onnx', twoOutputs())
  const several =
    /“two\.onnx” has 2 outputs that may hold its classes: “two”, “three”\. .*--output NAME/
  refused(explain({ model }), several)
  refused(cli('classify', '--model', model, '--input', digit), several)
  const array = write('grey.npy', writeNpy([1, 1, 28, 28], new Float32Array(784).fill(0.5)))
  refused(explain({ model, input: array }), several)
  refused(explain({ model, output: 'q' }), /“two\.onnx” has no output “q”; it has “two”, “three”/)
  const logits = z.object({ logits: z.array(z.number()) })
  const ask = (output: string): number[] => {
    const done = cli('classify', '--model', model, '--input', array, '--output', output, '--json')
    return logits.parse(JSON.parse(done.stdout)).logits
  }
  // p = 0.5
  expect(ask('two')).toEqual([0.5, -0.5])
  expect(ask('three')).toEqual([0.5, 1, -1.5])
  expect(cli('inspect', '--model', model).stdout).toMatch(/“two”, “three”\. This is about “two”/)
  const inspected = cli('inspect', '--model', model, '--output', 'three', '--json')
  expect(JSON.parse(inspected.stdout)).toMatchObject({ output: 'three', classCount: 3 })
  const card = {
    ...{ name: 'n', version: '1', labels: ['a', 'b'], output: { name: 'two', kind: 'logits' } },
    input: { name: 'x', width: 28, height: 28, layout: 'NCHW', channels: 'GRAY', scale: 1, mean: [0], std: [1] }, // prettier-ignore
  }
  const named = write('two.json', JSON.stringify(card))
  expect(cli('classify', '--model', model, '--card', named, '--input', digit).status).toBe(0)
  refused(explain({ model, card: named, output: 'three' }), /The card names “two” as the output, --output names “three”/) // prettier-ignore
})

test('an array that holds NaN is to blame for it, not the model', () => {
  const input = write('nan.npy', writeNpy([1, 1, 28, 28], new Float32Array(784).fill(Number.NaN)))
  refused(explain({ input }), /“nan\.npy” holds numbers that are not finite/)
})

test('a tile outside of the image', () => {
  const [model, input] = ['ihc-dab.onnx', 'ihc.png'].map((name) => join(samples, 'ihc', name))
  refused(
    explain({ model: model ?? '', input: input ?? '', tile: '999999,0' }),
    /The tile at 999999,0 lies outside of “ihc\.png”, which has 512×512 pixels/,
  )
})

test('a folder that cannot be written is refused before anything is read', () => {
  write('a-file', '')
  refused(explain({ model: 'none.onnx', out: 'a-file' }), /cannot be written: “a-file” is a file/)
})

test('names out of files do not reach the terminal as they are', () => {
  copyFileSync(lenet, join(folder, 'named.onnx'))
  const card = {
    name: 'n',
    version: '1',
    labels: ['a'],
    input: {
      name: 'in\u001b[31m\nput',
      width: 28,
      height: 28,
      layout: 'NCHW',
      channels: 'GRAY',
      scale: 1,
      mean: [0],
      std: [1],
    },
    output: { name: 'logits', kind: 'logits' },
  }
  refused(
    explain({ card: write('named.card.json', JSON.stringify(card)) }),
    /no input “in\uFFFD\[31m put”/,
  )
})

test('the commands that there are do not name the benchmark’s own', () => {
  refused(cli('explode'), /Commands: explain, classify, inspect, demo, bench-lrp\.\n$/)
})

test('far more threads than cores take a little longer, not half a minute', () => {
  const started = performance.now()
  const done = explain({ threads: '256' })
  expect(done).toMatchObject({ status: 0, stderr: '' })
  expect(done.stdout).toContain('256 threads')
  expect(performance.now() - started).toBeLessThan(8000)
})
