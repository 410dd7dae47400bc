import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createClassifier, createExplainer } from '../../engine/lrp/explainer'
import type { RunsOn } from '../../engine/onnx/firstSound'
import type { RuntimeChoice } from '../../engine/onnx/runtime'
import { parseOptions, required } from '../options'
import { parseRuntime, runtimeOptions } from '../runtime'
import { inputOf, optionsFor, together, type Settings } from './measure'
import { memoryProbe } from './memoryProbe'
import { networks, type NetworkName } from './topologies'

/** What a probe prints. */
const probeSchema = z.object({
  kilobytes: z.number().positive(),
  provider: z.string(),
  threads: z.number(),
  notices: z.array(z.string()),
})
type Probe = z.infer<typeof probeSchema>

/**
 * Peak memory of a process that reads the model, opens the session and runs it once: with the explanation
 * over with the plain forward pass.
 */
export async function measureMemory(
  model: NetworkName,
  { ledger, runtime }: Pick<Settings, 'ledger' | 'runtime'>,
): Promise<{ forwardMegabytes: number; explainMegabytes: number; ratio: number } & RunsOn> {
  const folder = await mkdtemp(join(tmpdir(), 'pixelwise-bench-'))
  try {
    const path = join(folder, 'model.onnx')
    await writeFile(path, networks[model]())
    const options = [path, ...optionsOf(runtime), ...(ledger ? [] : ['--no-ledger'])]
    const forward = await peakOf('forward', options)
    const explain = await peakOf('explain', options)
    return {
      forwardMegabytes: Math.round(forward.kilobytes / 1024),
      explainMegabytes: Math.round(explain.kilobytes / 1024),
      ratio: explain.kilobytes / forward.kilobytes,
      ...together([forward, explain]),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function optionsOf({ provider, threads }: RuntimeChoice): string[] {
  return [
    ...(provider === undefined ? [] : ['--provider', provider]),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ]
}

function peakOf(what: 'forward' | 'explain', options: readonly string[]): Promise<Probe> {
  const [path = '', ...rest] = options
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1] ?? '', memoryProbe, '--run', what, '--path', path, ...rest], // prettier-ignore
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', () => {
      try {
        resolve(probeSchema.parse(JSON.parse(text)))
      } catch {
        reject(new Error(`the ${what} probe failed: ${text}`))
      }
    })
  })
}

/** Prints the peak of resident memory, and what computed. */
export async function probeMemory(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const asked = parseOptions(args, {
    run: { type: 'string' },
    path: { type: 'string' },
    'no-ledger': { type: 'boolean' },
    ...runtimeOptions,
  })
  const runtime = parseRuntime(asked)
  const bytes = await readFile(required(asked.path, 'path'))
  const runsOn =
    asked.run === 'forward'
      ? await forwardOnce(bytes, runtime)
      : await explainOnce(bytes, runtime, asked['no-ledger'] !== true)
  const kilobytes = await peakKilobytes()
  print(JSON.stringify({ kilobytes, ...runsOn }))
}

/**
 * Of this process alone: on Linux the figure for its resource usage starts with what its parent held when it made
 * this one.
 */
async function peakKilobytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const stated = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  return stated === undefined ? process.resourceUsage().maxRSS : Number(stated)
}

async function forwardOnce(bytes: Uint8Array, runtime: RuntimeChoice): Promise<RunsOn> {
  const classifier = await createClassifier(bytes, 1, { runtime })
  await classifier.run(inputOf(1))
  return together([classifier.runsOn])
}

async function explainOnce(
  bytes: Uint8Array,
  runtime: RuntimeChoice,
  ledger: boolean,
): Promise<RunsOn> {
  const options = optionsFor('epsilon-plus-flat', 1, { ledger, runtime })
  const explainer = await createExplainer(bytes, options)
  const mask = new Float32Array(explainer.classCount)
  mask[0] = 1
  await explainer.run(inputOf(1), mask)
  return together([explainer.runsOn])
}
