import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassifier, createExplainer } from '../../engine/lrp/explainer'
import { inputOf } from './measure'
import { memoryProbe } from './memoryProbe'
import { networks, type NetworkName } from './topologies'

/**
 * Peak memory of a process that reads the model, opens the session and runs it once: with the explanation
 * over with the plain forward pass.
 */
export async function measureMemory(
  model: NetworkName,
): Promise<{ forwardMegabytes: number; explainMegabytes: number; ratio: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'pixelwise-bench-'))
  try {
    const path = join(folder, 'model.onnx')
    await writeFile(path, networks[model]())
    const forward = await peakOf('forward', path)
    const explain = await peakOf('explain', path)
    return {
      forwardMegabytes: Math.round(forward / 1024),
      explainMegabytes: Math.round(explain / 1024),
      ratio: explain / forward,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Kilobytes. */
function peakOf(what: 'forward' | 'explain', path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1] ?? '', memoryProbe, what, path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.on('error', reject)
    child.on('exit', () => {
      const kilobytes = Number(text.trim())
      if (kilobytes > 0) resolve(kilobytes)
      else reject(new Error(`the ${what} probe failed: ${text}`))
    })
  })
}

/** @param args `forward` or `explain`, and the model's path. Prints the peak of resident memory in kilobytes. */
export async function probeMemory(
  [what, path = '']: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const bytes = await readFile(path)
  if (what === 'forward') {
    const classifier = await createClassifier(bytes, 1)
    await classifier.run(inputOf(1))
  } else {
    const explainer = await createExplainer(bytes, {
      method: 'epsilon-plus-flat',
      parameters: {},
      start: 'logit',
      batch: 1,
    })
    const mask = new Float32Array(explainer.classCount)
    mask[0] = 1
    await explainer.run(inputOf(1), mask)
  }
  print(String(process.resourceUsage().maxRSS))
}
