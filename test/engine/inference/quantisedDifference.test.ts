import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/engine/inference/explain'
import { sampleArray } from '../../../src/engine/inference/sampling'
import { fakeCompiler } from '../support/fakeCompiler'

const ones = new Float32Array(48).fill(1)
const target = { index: 0, against: null }

/** The fake network computes (48, −48) of an input of ones. */
async function explained(exactForward: boolean, predicted: readonly number[]) {
  const { compiler } = fakeCompiler()
  const explainer = await compiler.createExplainer(new Uint8Array(), {
    method: 'epsilon',
    parameters: {},
    start: 'logit',
    batch: 1,
  })
  const sampling = sampleArray([1, 3, 4, 4], ones)
  return explain({ ...explainer, exactForward }, sampling, target, predicted, () => {})
}

describe('logits of what explains against those of what predicts', () => {
  it('agree where the network is the model’s own: nothing is said of it', async () => {
    expect((await explained(true, [48, -48.01])).conventions).toEqual([])
  })

  it.each([
    [true, [48, -47.9], 'internal'],
    [true, [48, Number.NaN], 'internal'],
    // 12.1 of 48.
    [false, [35.9, -48], 'invalid-model'],
    [false, [48, Number.NaN], 'invalid-model'],
    [false, [48], 'internal'],
  ])('exact %s, %j: nothing is shown', async (exact, predicted, code) => {
    await expect(explained(exact, predicted)).rejects.toMatchObject({ code })
  })

  it('differ by quantisation, which the result states', async () => {
    const { conventions } = await explained(false, [47.4, -48.3])
    expect(conventions).toEqual([
      { name: 'quantisation', value: expect.stringMatching(/differ by at most 0\.60 \(1\.2 % of/) },
    ])
  })
})
