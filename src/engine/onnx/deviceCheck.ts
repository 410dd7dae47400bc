import type { ProviderName } from '../../shared/explanation/provider'
import { ints } from './attributes'
import { floatTensor } from './elements'
import { DataType, type Model, type Node, type Tensor, type Value } from './model'
import { openOrtSession } from './ortSession'
import { openChecked } from './selfCheck'
import { writeSplit } from './write'

/**
 * Milliseconds that the small network may take. A graphics processor spends a few on handing numbers over,
 * a driver in software hundreds: it is found out here, in a moment, and not in the middle of a large model.
 */
const allowed = (cpu: number): number => Math.max(30, 8 * cpu)

const verdicts = new Map<ProviderName, Promise<string | null>>()

/**
 * Whether a provider works on this machine and is no emulation: a small network of convolutions, computed
 * once in a process.
 * @returns why it is not worth a try, as the end of a sentence about the provider; null where it is.
 */
export function unfitHere(provider: ProviderName, threads: number): Promise<string | null> {
  const known = verdicts.get(provider)
  if (known) return known
  const verdict = checkDevice(provider, threads)
  verdicts.set(provider, verdict)
  return verdict
}

async function checkDevice(provider: ProviderName, threads: number): Promise<string | null> {
  const model = smallNetwork()
  const { nodes, inputs } = model.graph
  const written = writeSplit(model)
  const open = (on: ProviderName) =>
    openOrtSession(written, { provider: on, threads, optimise: 'all', nodes })
  const cpu = await open('cpu')
  try {
    const checked = await openChecked(open, provider, inputs, () => Promise.resolve(cpu), allowed)
    await checked.session?.release()
    return checked.why
  } finally {
    await cpu.release()
  }
}

const channels = 32
const size = 48
const depth = 2

/** Convolutions of 32 to 32 channels, 3×3, on 48×48 pixels: 85 million operations. */
function smallNetwork(): Model {
  const weight = Float32Array.from(
    { length: channels * channels * 9 },
    (_, at) => Math.sin(at) / Math.sqrt(channels * 9),
  )
  const nodes: Node[] = []
  let value = 'input'
  for (let layer = 0; layer < depth; layer++) {
    const [convolved, output] = [`convolved${layer}`, `output${layer}`]
    const attributes = new Map([
      ['kernel_shape', ints([3, 3])],
      ['pads', ints([1, 1, 1, 1])],
    ])
    const plain = { domain: '', attributes: new Map() }
    nodes.push(
      {
        ...{ name: convolved, operator: 'Conv', domain: '', attributes },
        inputs: [value, 'weight'],
        outputs: [convolved],
      },
      { ...plain, name: output, operator: 'Relu', inputs: [convolved], outputs: [output] },
    )
    value = output
  }
  const tensor = (name: string): Value => ({
    name,
    dataType: DataType.float,
    dims: [1, channels, size, size],
  })
  const initializers = new Map<string, Tensor>([
    ['weight', floatTensor('weight', [channels, channels, 3, 3], weight)],
  ])
  return {
    irVersion: 8,
    producer: 'pixelwise',
    opsets: new Map([['', 17]]),
    graph: {
      name: 'device',
      nodes,
      initializers,
      inputs: [tensor('input')],
      outputs: [tensor(value)],
    },
  }
}
