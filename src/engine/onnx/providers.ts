import { existsSync, readdirSync } from 'node:fs'
import process from 'node:process'
import { listSupportedBackends, type InferenceSession } from 'onnxruntime-node'
import {
  providerNames,
  providerTitle,
  type ProviderChoice,
  type ProviderName,
} from '../../shared/explanation/provider'
import type { Node } from './model'

/** What decides which providers are worth a try; passed in by tests. */
export interface Machine {
  readonly platform: string
  /** Names that this build of ONNX Runtime knows. */
  readonly backends: readonly string[]
  /** Names in /dev and /dev/dri. */
  readonly devices: readonly string[]
}

const backendNames: Readonly<Record<ProviderName, string>> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  cpu: 'cpu',
}

export interface Candidates {
  /** The CPU last. */
  readonly tried: readonly ProviderName[]
  /** Why one that was asked for is not among them: sentences without their full stop. */
  readonly refused: readonly string[]
}

/**
 * The providers to try, one after the other; the CPU last. A name that ONNX Runtime does not know here
 * would silently run on the CPU, so it is never passed on.
 */
export function candidates(
  choice: ProviderChoice,
  machineOf: () => Machine = thisMachine,
): Candidates {
  if (choice === 'cpu') return { tried: ['cpu'], refused: [] }
  const machine = machineOf()
  const known = providerNames.filter((name) => machine.backends.includes(backendNames[name]))
  if (choice === 'auto') {
    const promising = known.filter((name) => name !== 'cpu' && hasDevice(name, machine))
    return { tried: [...promising, 'cpu'], refused: [] }
  }
  return known.includes(choice)
    ? { tried: [choice, 'cpu'], refused: [] }
    : { tried: ['cpu'], refused: [`${providerTitle(choice)} does not exist on this system`] }
}

/**
 * On Linux a graphics processor has a device file. Without one only drivers in software are left, 60 to
 * 190 times slower than the CPU; to try them would also print their complaints.
 */
function hasDevice(provider: ProviderName, { platform, devices }: Machine): boolean {
  if (platform !== 'linux') return true
  // dxg is the graphics processor of a Windows host.
  const files = provider === 'cuda' ? /^(nvidiactl|dxg)$/ : /^(renderD\d+|nvidiactl|dxg)$/
  return devices.some((name) => files.test(name))
}

function thisMachine(): Machine {
  return {
    platform: process.platform,
    backends: listSupportedBackends().map(({ name }) => name),
    devices: ['/dev', '/dev/dri'].flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder) : [],
    ),
  }
}

// MLProgram 0x10, CPU and graphics processor 0x20: the Neural Engine would compute in half precision.
const coreMlFlags = 0x30

/**
 * How ONNX Runtime is to set a provider up so that it computes in single precision, and rightly.
 * @param nodes of the graph that it will run.
 */
export function providerOption(
  provider: ProviderName,
  nodes: readonly Node[],
): InferenceSession.ExecutionProviderConfig {
  switch (provider) {
    case 'cuda':
      // Else convolutions are rounded to the ten bits of TensorFloat-32; read when CUDA is loaded.
      process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
      return 'cuda'
    case 'coreml':
      return { name: 'coreml', coreMlFlags }
    case 'webgpu': {
      // It takes these nodes on and then fails in the run.
      const forceCpuNodeNames = nodes.filter(putsOutIndices).map((node) => node.name)
      return {
        name: 'webgpu',
        // In its own NHWC a convolution of 6, 9, 15, … channels to a multiple of 4 comes out wrong.
        preferredLayout: 'NCHW',
        // An empty list is refused.
        ...(forceCpuNodeNames.length > 0 ? { forceCpuNodeNames } : {}),
      }
    }
    case 'directml':
    case 'cpu':
      return backendNames[provider]
  }
}

function putsOutIndices(node: Node): boolean {
  return node.operator === 'MaxPool' && (node.outputs[1] ?? '') !== ''
}
