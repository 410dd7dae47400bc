import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import type { ExplanationSpec } from '../../../src/shared/explanation/method'
import {
  explanationResultSchema,
  predictionSchema,
  type Prediction,
} from '../../../src/shared/explanation/result'
import type { ChannelRequest, ChannelResponse } from '../../../src/shared/ipc/contract'
import { imageIdSchema } from '../../../src/shared/session'
import { createAnalysis } from '../../../src/renderer/state/analysis'
import { explanationKey } from '../../../src/renderer/state/analysisKeys'
import { deferred, fakeMain, settle } from './fakeApi'

const [one, two] = [1, 2].map((n) =>
  imageIdSchema.parse(`00000000-0000-4000-8000-00000000000${n}`),
) as [ReturnType<typeof imageIdSchema.parse>, ReturnType<typeof imageIdSchema.parse>]

const spec: ExplanationSpec = {
  method: 'epsilon-plus-flat',
  parameters: {},
  target: { kind: 'top' },
  start: 'logit',
  scope: { kind: 'whole' },
}

type ExplainRequest = ChannelRequest<'analysis.explain'>
type Explained = ChannelResponse<'analysis.explain'>

function prediction(): Prediction {
  return predictionSchema.parse({
    scope: { kind: 'whole' },
    logits: [1, 0],
    top: [{ index: 0, label: 'cat', logit: 1, probability: 0.73 }],
    region: { x: 0, y: 0, width: 2, height: 1 },
    tiling: null,
    provider: 'CPU',
    forwardMs: 1,
  })
}

/** Two channels of a 2 × 1 map: the sums are 4 and 6. */
function explained(request: ExplainRequest): Explained {
  const result = explanationResultSchema.parse({
    schema: 'pixelwise-explanation/1',
    spec: request.spec,
    prediction: prediction(),
    explained: { index: 0, label: 'cat', logit: 1, probability: 0.73 },
    against: null,
    shape: [2, 1, 2],
    region: { x: 0, y: 0, width: 2, height: 1 },
    startRelevance: 1,
    sumRelevance: 10,
    ledger: null,
    conventions: [],
    model: { name: 'toy', version: '1', sha256: 'a'.repeat(64), cardSha256: null },
    input: { sha256: 'b'.repeat(64), width: 2, height: 1 },
    provider: 'CPU',
    milliseconds: { compile: 1, forward: 1, explanation: 1 },
    versions: {},
  })
  return { result, relevance: new Float32Array([1, 2, 3, 4]).buffer }
}

describe('the analysis service', () => {
  it('predicts, explains, sums the channels, and remembers', async () => {
    const { api, asked } = fakeMain({
      'analysis.predict': prediction,
      'analysis.explain': explained,
    })
    const analysis = createAnalysis(api)
    await analysis.request(one, spec)
    const { explanation, job } = analysis.store.getState()
    expect([...(explanation?.map.values ?? [])]).toEqual([4, 6])
    expect(job).toBeNull()
    await analysis.request(two, spec)
    const calls = asked.length
    await analysis.request(one, spec)
    expect(asked).toHaveLength(calls)
    expect(analysis.store.getState().explanation).toBe(explanation)
    expect(analysis.store.getState().imageId).toBe(one)
  })

  it('lets the latest request win and cancels the one before', async () => {
    const slow = deferred<Explained>()
    const { api, asked } = fakeMain({
      'analysis.predict': prediction,
      'analysis.explain': (request: ExplainRequest) =>
        request.imageId === one ? slow.promise : explained(request),
      'jobs.cancel': () => undefined,
    })
    const analysis = createAnalysis(api)
    const first = analysis.request(one, spec)
    await settle()
    expect(analysis.store.getState().job?.kind).toBe('explain')
    await analysis.request(two, spec)
    slow.resolve(explained({ jobId: '', imageId: one, spec }))
    await first
    expect(asked.some(({ channel }) => channel === 'jobs.cancel')).toBe(true)
    expect(analysis.store.getState()).toMatchObject({ imageId: two, job: null, error: null })
    expect(analysis.store.getState().explanation?.imageId).toBe(two)
  })

  it('asks once where images are leafed through quickly', async () => {
    const { api, asked } = fakeMain({
      'analysis.predict': prediction,
      'analysis.explain': explained,
      'jobs.cancel': () => undefined,
    })
    const analysis = createAnalysis(api)
    await analysis.request(one, spec)
    const before = asked.length
    await Promise.all([
      analysis.request(two, { ...spec, method: 'epsilon' }),
      analysis.request(one, { ...spec, method: 'epsilon' }),
      analysis.request(two, { ...spec, method: 'zero' }),
    ])
    expect(asked.slice(before).map(({ channel }) => channel)).toEqual([
      'analysis.predict',
      'analysis.explain',
    ])
    expect(analysis.store.getState().explanation?.result.spec.method).toBe('zero')
  })

  it('keeps the explanation before while another one is computed or fails', async () => {
    let fail = false
    const { api } = fakeMain({
      'analysis.predict': prediction,
      'analysis.explain': (request: ExplainRequest) => {
        if (fail) throw new AppError('engine-crashed', 'The engine stopped.', 'Try again.')
        return explained(request)
      },
    })
    const analysis = createAnalysis(api)
    await analysis.request(one, spec)
    const before = analysis.store.getState().explanation
    fail = true
    await analysis.request(one, { ...spec, method: 'epsilon' })
    expect(analysis.store.getState()).toMatchObject({
      explanation: before,
      job: null,
      error: { code: 'engine-crashed' },
    })
  })

  it('shows progress of its own job only, and stops at the user’s wish', async () => {
    const never = deferred<Explained>()
    const { api, emit } = fakeMain({
      'analysis.predict': prediction,
      'analysis.explain': () => never.promise,
      'jobs.cancel': () => undefined,
    })
    const analysis = createAnalysis(api)
    const request = analysis.request(one, spec)
    await settle()
    const { job } = analysis.store.getState()
    const progress = { stage: 'Explaining tiles', done: 3, total: 9 }
    if (job) emit('job.progress', { jobId: job.jobId, progress })
    expect(analysis.store.getState().job?.progress.done).toBe(3)
    analysis.cancel()
    never.reject(new AppError('cancelled', 'Cancelled.'))
    await request
    expect(analysis.store.getState()).toMatchObject({ job: null, cancelled: true, error: null })
    expect(analysis.store.getState().prediction).not.toBeNull()
  })
})

describe('cache keys', () => {
  it('are equal for equal requests whatever the order of properties', () => {
    const a = explanationKey(one, { ...spec, parameters: { epsilon: 0.25, gamma: 1 } })
    const b = explanationKey(one, { ...spec, parameters: { gamma: 1, epsilon: 0.25 } })
    expect(a).toBe(b)
  })

  it('differ in everything that changes numbers', () => {
    const specs: ExplanationSpec[] = [
      spec,
      { ...spec, method: 'epsilon' },
      { ...spec, parameters: { epsilon: 0.25 } },
      { ...spec, target: { kind: 'class', index: 0 } },
      { ...spec, target: { kind: 'contrast', index: 0, against: 1 } },
      { ...spec, start: 'unit' },
      { ...spec, scope: { kind: 'tile', x: 1, y: 2 } },
    ]
    const keys = [...specs.map((each) => explanationKey(one, each)), explanationKey(two, spec)]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
