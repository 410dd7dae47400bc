import { readFileSync } from 'node:fs'
import type { MethodName, MethodParameters } from '../../../../src/shared/explanation/method'
import type { ProviderName } from '../../../../src/shared/explanation/provider'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import { readModel } from '../../../../src/engine/onnx/read'
import { openSession } from '../../../../src/engine/onnx/runtime'
import { readNpy, relativeL2 } from '../../../support/npy'

/** An explanation on a provider and on the CPU. */
export interface ParityCase {
  /** The golden's folder. */
  readonly folder: string
  readonly method: MethodName
  readonly parameters: MethodParameters
  readonly classIndex: number
}

export interface Parity {
  readonly provider: string
  readonly notices: readonly string[]
  /** Relative L2 against the CPU. */
  readonly relevance: number
  readonly logits: number
}

export interface ParityReport {
  readonly cases: readonly Parity[]
  /** What `auto` makes of the provider for a small classifier. */
  readonly auto: { readonly provider: string; readonly notices: readonly string[] } | null
}

async function explainOn(provider: ProviderName, asked: ParityCase) {
  const { folder, method, parameters, classIndex } = asked
  const explainer = await createExplainer(new Uint8Array(readFileSync(`${folder}/model.onnx`)), {
    method,
    parameters,
    start: 'logit',
    batch: 1,
    runtime: { provider },
  })
  const mask = new Float32Array(explainer.classCount)
  mask[classIndex] = 1
  const input = Float32Array.from(readNpy(`${folder}/input.npy`).values)
  const { relevance, logits } = await explainer.run(input, mask)
  const { provider: ran, notices } = explainer.runsOn
  await explainer.release()
  return { relevance, logits, ran, notices }
}

async function compare(provider: ProviderName, asked: ParityCase): Promise<Parity> {
  const own = await explainOn(provider, asked)
  const cpu = await explainOn('cpu', asked)
  return {
    provider: own.ran,
    notices: own.notices,
    relevance: relativeL2(own.relevance, cpu.relevance),
    logits: relativeL2(own.logits, cpu.logits),
  }
}

/** The golden's own graph, with its batch of one. */
async function autoOn(provider: ProviderName, folder: string): Promise<ParityReport['auto']> {
  const model = readModel(new Uint8Array(readFileSync(`${folder}/model.onnx`)))
  const found = { tried: [provider, 'cpu'], refused: [] } as const
  const session = await openSession(model, 'all', { provider: 'auto' }, { found })
  await session.release()
  return { provider: session.provider, notices: session.notices }
}

const [provider, cases, auto] = JSON.parse(process.argv[2] ?? '') as [
  ProviderName,
  ParityCase[],
  string | null,
]
const compared: Parity[] = []
for (const one of cases) compared.push(await compare(provider, one))
const report: ParityReport = {
  cases: compared,
  auto: auto === null ? null : await autoOn(provider, auto),
}
process.stdout.write(JSON.stringify(report))
