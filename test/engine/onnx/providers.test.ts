import { Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import type { ProviderName } from '../../../src/shared/explanation/provider'
import { openFirstSound, type Asked } from '../../../src/engine/onnx/firstSound'
import { int } from '../../../src/engine/onnx/attributes'
import { DataType, type Node } from '../../../src/engine/onnx/model'
import type { OrtSession, Results } from '../../../src/engine/onnx/ortSession'
import { candidates, providerOption, type Machine } from '../../../src/engine/onnx/providers'
import { disagreement, testFeeds } from '../../../src/engine/onnx/selfCheck'
import { coresToUse, spinning } from '../../../src/engine/onnx/threads'

const machine = (change: Partial<Machine> = {}) => ({
  platform: 'linux',
  backends: ['cpu', 'webgpu', 'cuda', 'tensorrt'],
  devices: ['null', 'renderD128'],
  ...change,
})

describe('which providers are tried', () => {
  test.each([
    ['a graphics processor', machine(), ['webgpu', 'cpu']],
    ['one of NVIDIA', machine({ devices: ['nvidiactl'] }), ['cuda', 'webgpu', 'cpu']],
    ['no graphics processor', machine({ devices: ['null', 'card0'] }), ['cpu']],
    [
      'Windows',
      machine({ platform: 'win32', backends: ['webgpu', 'dml', 'cpu'], devices: [] }),
      ['directml', 'webgpu', 'cpu'],
    ],
    [
      'a Mac',
      machine({ platform: 'darwin', backends: ['cpu', 'coreml', 'webgpu'], devices: [] }),
      ['coreml', 'webgpu', 'cpu'],
    ],
  ])('by auto on a machine with %s', (_, found, tried) => {
    expect(candidates('auto', () => found)).toEqual({ tried, refused: [] })
  })

  test('the one that is named, on a machine without a device as well', () => {
    const bare = () => machine({ devices: [] })
    expect(candidates('webgpu', bare)).toEqual({ tried: ['webgpu', 'cpu'], refused: [] })
    expect(candidates('cpu', bare)).toEqual({ tried: ['cpu'], refused: [] })
  })

  test('never a name that ONNX Runtime would silently run on the CPU', () => {
    expect(candidates('directml', () => machine())).toEqual({
      tried: ['cpu'],
      refused: ['DirectML does not exist on this system'],
    })
  })
})

describe('how a provider is set up', () => {
  const pool = (name: string, outputs: string[]): Node => ({
    ...{ name, operator: 'MaxPool', domain: '', inputs: ['x'], outputs },
    attributes: new Map([['ceil_mode', int(0)]]),
  })

  test('WebGPU leaves to the CPU what it fails at, and only that', () => {
    const nodes = [pool('plain', ['y']), pool('empty', ['y', '']), pool('indices', ['y', 'i'])]
    expect(providerOption('webgpu', nodes)).toEqual({
      name: 'webgpu',
      preferredLayout: 'NCHW',
      forceCpuNodeNames: ['indices'],
    })
    expect(providerOption('webgpu', nodes.slice(0, 2))).toEqual({
      name: 'webgpu',
      preferredLayout: 'NCHW',
    })
  })

  test('DirectML goes by the name that ONNX Runtime knows', () => {
    expect(providerOption('directml', [])).toBe('dml')
  })
})

describe('threads', () => {
  const files = (content: Record<string, string>) => (path: string) => content[path] ?? null
  const topology = (cpu: number) =>
    `/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`
  /** Four threads on two cores. */
  const hyperthreaded = {
    '/sys/devices/system/cpu/online': '0-3\n',
    [topology(0)]: '0,2\n',
    [topology(1)]: '1,3\n',
    [topology(2)]: '0,2\n',
    [topology(3)]: '1,3\n',
  }

  test.each([
    ['one a physical core', 4, hyperthreaded, 2],
    ['no more than this process may use', 1, hyperthreaded, 1],
    ['all that there are where siblings are not told', 6, {}, 6],
    // 150 000 of 100 000 µs are one and a half cores; two threads would wait for each other.
    ['no more than a container’s share', 6, { '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, 1],
    ['as many as there are without a limit', 6, { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 6],
    [
      'cores with gaps in their numbers',
      3,
      {
        '/sys/devices/system/cpu/online': '0,2-3',
        [topology(0)]: '0',
        [topology(2)]: '2',
        [topology(3)]: '3',
      },
      3,
    ],
  ])('%s', (_, available, content, expected) => {
    expect(coresToUse(available, files(content))).toBe(expected)
  })
})

const floats = (...values: number[]) => new Tensor('float32', Float32Array.from(values))

describe('the self-check', () => {
  test('allows a relative L2 difference of a thousandth in every output', () => {
    // ‖(3, 4)‖ = 5, so 0.005 is a thousandth.
    const reference = { relevance: floats(3, 4), logits: floats(1) }
    expect(disagreement(reference, { relevance: floats(3, 4.0049), logits: floats(1) })).toBeNull()
    expect(disagreement(reference, { relevance: floats(3, 4.0051), logits: floats(1) })).toContain(
      'off by 1.0e-3',
    )
    expect(disagreement(reference, { relevance: floats(3, 4), logits: floats(1.01) })).toContain(
      'off by 1.0e-2',
    )
  })

  test.each([
    ['a number that is none', { a: floats(Number.NaN, 2) }],
    ['an infinite number', { a: floats(Infinity, 2) }],
    ['another size', { a: floats(1) }],
  ])('does not take %s for the reference’s', (_, results: Results) => {
    expect(disagreement({ a: floats(1, 2) }, results)).toContain('gave other numbers')
  })

  test.each([
    ['zeros', floats(0, 0)],
    ['infinite', floats(1, Infinity)],
  ])('says that a reference of %s proves nothing', (_, reference) => {
    expect(disagreement({ a: reference }, { a: reference })).toContain('say nothing')
  })

  test('feeds the same numbers between −1 and 1 every time, in the shape of the input', () => {
    const inputs = [{ name: 'x', dataType: DataType.float, dims: [null, 3] }]
    const feeds = testFeeds([{ ...inputs[0], name: 'y', dataType: 1, dims: [4, 2] }])
    expect(testFeeds(inputs)['x']?.dims).toEqual([1, 3])
    expect(feeds['y']?.data).toEqual(testFeeds([{ name: 'y', dataType: 1, dims: [8] }])['y']?.data)
    const values = Array.from(feeds['y']?.data as Float32Array)
    expect(new Set(values).size).toBe(8)
    expect(values.every((value) => Math.abs(value) <= 1)).toBe(true)
  })

  test('feeds zeros where it is told to, and the others what they get without', () => {
    const input = (name: string) => ({ name, dataType: DataType.float, dims: [2, 3] })
    const plain = testFeeds([input('x'), input('y')])
    const feeds = testFeeds([input('x'), { ...input('z'), zero: true }, input('y')])
    expect(Array.from(feeds['z']?.data as Float32Array)).toEqual([0, 0, 0, 0, 0, 0])
    expect(feeds['z']?.dims).toEqual([2, 3])
    for (const name of ['x', 'y']) expect(feeds[name]?.data).toEqual(plain[name]?.data)
  })
})

/** What a session answers: numbers, an error, after a time. */
interface Behaviour {
  readonly values?: readonly number[]
  readonly milliseconds?: number
  readonly opening?: string
  /** From this run on (counted from 1) it does as `later` says. */
  readonly from?: number
  readonly later?: readonly number[] | Error
}

describe('the first provider that is right', () => {
  /** Sessions that behave as told; the log says what was opened, run and released. */
  function sessions(behaviours: Partial<Record<ProviderName, Behaviour>>) {
    const log: string[] = []
    const open = (provider: ProviderName): Promise<OrtSession> => {
      const behaviour = behaviours[provider] ?? {}
      if (behaviour.opening !== undefined) return Promise.reject(new Error(behaviour.opening))
      log.push(`open ${provider}`)
      let runs = 0
      return Promise.resolve({
        run: async () => {
          runs++
          log.push(`run ${provider}`)
          const { values = [1, 2], milliseconds = 0, from = Infinity, later } = behaviour
          if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds))
          const answer = runs >= from ? later : values
          if (answer instanceof Error) throw answer
          return { out: floats(...(answer ?? [])) }
        },
        release: () => {
          log.push(`release ${provider}`)
          return Promise.resolve()
        },
      })
    }
    return { open, log }
  }
  const asked = (change: Partial<Asked> & Pick<Asked, 'open'>): Asked => ({
    tried: ['cuda', 'webgpu', 'cpu'],
    refused: [],
    inputs: [{ name: 'x', dataType: DataType.float, dims: [2] }],
    unfit: () => Promise.resolve(null),
    allowed: null,
    ...change,
  })
  const feeds = { x: floats(1, 1) }

  test('runs where the first one is', async () => {
    const { open, log } = sessions({})
    const session = await openFirstSound(asked({ open }))
    expect([session.provider(), session.notices()]).toEqual(['cuda', []])
    expect(log).toEqual(['open cuda', 'run cuda', 'open cpu', 'run cpu', 'release cpu'])
    expect((await session.run(feeds))['out']?.data).toEqual(Float32Array.of(1, 2))
    expect(log.at(-1)).toBe('run cuda')
  })

  test.each([
    ['cannot be opened', { opening: 'no such device' }, 'could not be used: no such device'],
    [
      'fails in the first run',
      { from: 1, later: new Error('out of memory') },
      'could not be used: out of memory',
    ],
    [
      'computes other numbers',
      { values: [1, 2.1] },
      // 0.1 / √(1 + 4)
      'gave other numbers than the CPU on a test input (off by 4.5e-2, at most 0.001 is allowed)',
    ],
  ])('one that %s gives way to the next, with a notice', async (_, cuda, why) => {
    const { open, log } = sessions({ cuda })
    const session = await openFirstSound(asked({ open }))
    expect(session.provider()).toBe('webgpu')
    expect(session.notices()).toEqual([`CUDA ${why}. WebGPU runs instead.`])
    expect(log.filter((line) => line === 'release cuda').length).toBe(
      log.filter((line) => line === 'open cuda').length,
    )
  })

  test('the CPU runs where none is right, and the notices name all of them', async () => {
    const { open, log } = sessions({ cuda: { opening: 'no library' }, webgpu: { values: [2, 1] } })
    const session = await openFirstSound(asked({ open, refused: ['Core ML does not exist'] }))
    expect(session.provider()).toBe('cpu')
    expect(session.notices()).toEqual([
      'Core ML does not exist. The CPU runs instead.',
      'CUDA could not be used: no library. The CPU runs instead.',
      expect.stringMatching(/^WebGPU gave other numbers .* The CPU runs instead\.$/),
    ])
    await session.run(feeds)
    await session.release()
    expect(log.slice(-2)).toEqual(['run cpu', 'release cpu'])
    expect(log.filter((line) => line === 'open cpu')).toHaveLength(1)
  })

  test('one that is slower than the CPU is left out only where speed matters', async () => {
    const { open } = sessions({ cuda: { milliseconds: 120 } })
    const byName = await openFirstSound(asked({ open }))
    expect(byName.provider()).toBe('cuda')
    const bySpeed = await openFirstSound(asked({ open, allowed: (cpu) => cpu + 60 }))
    expect(bySpeed.provider()).toBe('webgpu')
    expect(bySpeed.notices()[0]).toMatch(
      /^CUDA is slower here than the CPU \(\d+ ms against .* for one run\)\. WebGPU runs instead\.$/,
    )
  })

  test('one that is unfit for this machine is not even opened', async () => {
    const { open, log } = sessions({})
    const session = await openFirstSound(
      asked({ open, unfit: (provider) => Promise.resolve(`is not for ${provider}`) }),
    )
    expect(session.provider()).toBe('cpu')
    expect(session.notices()[0]).toBe('CUDA is not for cuda. The CPU runs instead.')
    expect(log).toEqual(['open cpu'])
  })

  test.each([
    ['fails', new Error('device lost.'), 'CUDA failed while it ran: device lost'],
    ['overflows', [1, Infinity], 'CUDA computed numbers that are not finite'],
  ])('one that %s later hands this and all further inputs to the CPU', async (_, later, why) => {
    const { open, log } = sessions({ cuda: { from: 3, later }, cpu: { values: [1, 2] } })
    const session = await openFirstSound(asked({ open }))
    await session.run(feeds)
    expect([session.provider(), session.notices()]).toEqual(['cuda', []])
    const results = await session.run(feeds)
    expect(results['out']?.data).toEqual(Float32Array.of(1, 2))
    expect(session.provider()).toBe('cpu')
    expect(session.notices()).toEqual([`${why}. The CPU runs instead.`])
    expect(log).toContain('release cuda')
    await session.run(feeds)
    await session.release()
    expect(log.slice(-2)).toEqual(['run cpu', 'release cpu'])
  })

  test('a provider is not blamed for an input that is not finite on the CPU either', async () => {
    const { open, log } = sessions({
      cuda: { from: 2, later: [Number.NaN, 1] },
      cpu: { from: 1, later: [1, 2] },
    })
    let opened = 0
    const blameless = async (provider: ProviderName) => {
      const session = await open(provider)
      if (provider !== 'cpu' || opened++ === 0) return session
      return { ...session, run: () => Promise.resolve({ out: floats(Number.NaN, 1) }) }
    }
    const session = await openFirstSound(asked({ open: blameless }))
    expect((await session.run(feeds))['out']?.data).toEqual(Float32Array.of(Number.NaN, 1))
    expect([session.provider(), session.notices()]).toEqual(['cuda', []])
    expect(log.filter((line) => line === 'release cpu')).toHaveLength(2)
  })

  test('a model that the CPU cannot open is the model’s fault', async () => {
    const { open, log } = sessions({ cpu: { opening: 'broken model' } })
    await expect(openFirstSound(asked({ open }))).rejects.toThrow('broken model')
    expect(log).toContain('release cuda')
  })
})

test('threads spin while they wait only where each has a core', () => {
  expect(spinning(2, 2)).toEqual({ force_spinning_stop: '1' })
  expect(spinning(3, 2)).toEqual({ force_spinning_stop: '1', intra_op: { allow_spinning: '0' } })
})
