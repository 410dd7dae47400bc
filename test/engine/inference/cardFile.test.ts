import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardPathOf, checkCard, findCard, readCard } from '../../../src/engine/inference/cardFile'
import { sha256Of } from '../../../src/engine/files'
import { anySha256, makeCard, makeGraph } from '../support/cards'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelwise-cards-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function cardWith(text: string): Promise<string> {
  const path = join(folder, 'm.card.json')
  await writeFile(path, text)
  return path
}

describe('the card’s file', () => {
  it('lies beside the model', () => {
    expect(cardPathOf('/a/net.v2.onnx')).toBe('/a/net.v2.card.json')
    expect(cardPathOf('/a/NET.ONNX')).toBe('/a/NET.card.json')
  })

  it('is read and hashed as it lies on disk', async () => {
    const text = JSON.stringify(makeCard())
    const path = await cardWith(text)
    expect(await readCard(path)).toEqual({ card: makeCard(), sha256: sha256Of(text) })
    expect(await findCard(join(folder, 'm.onnx'))).not.toBeNull()
    expect(await findCard(join(folder, 'other.onnx'))).toBeNull()
  })

  it.each([
    ['not JSON', '{', /not valid JSON/],
    ['an array', '[]', /cannot be used: it must be an object\.$/],
    ['a missing entry', JSON.stringify({ ...makeCard(), labels: undefined }), /: labels is missing\.$/], // prettier-ignore
    ['no labels', JSON.stringify({ ...makeCard(), labels: [] }), /: labels must not be empty\.$/],
    ['an unknown word', JSON.stringify({ ...makeCard(), fit: 'stretch' }), /: fit must be one of resize or tile\.$/], // prettier-ignore
    ['a number out of range', JSON.stringify({ ...makeCard(), stride: 0 }), /: stride must be greater than 0\.$/], // prettier-ignore
    ['another sha256', JSON.stringify({ ...makeCard(), sha256: 'x' }), /: sha256 is wrong: a sha256 has 64 digits, 0–9 and a–f\.$/], // prettier-ignore
    [
      'a std of 0',
      JSON.stringify(makeCard()).replace('"std":[0.1', '"std":[0'),
      /input\.std is wrong: std must not be 0/,
    ],
  ])('is refused when it is %s, saying where', async (_name, text, sentence) => {
    await expect(readCard(await cardWith(text))).rejects.toMatchObject({
      code: 'invalid-card',
      message: expect.stringMatching(sentence),
    })
  })
})

describe('checkCard', () => {
  it('lets a card pass that agrees with the graph, open dimensions included', () => {
    expect(() => checkCard(makeCard(), anySha256, makeGraph())).not.toThrow()
    const open = makeGraph({
      inputs: [{ name: 'image', shape: [null, 3, null, null] }],
      classCount: null,
    })
    expect(() => checkCard(makeCard(), anySha256, open)).not.toThrow()
  })

  it.each([
    ['another model’s hash', makeCard({ sha256: sha256Of('x') }), makeGraph(), /sha256/],
    ['an input name', makeCard({}, { name: 'data' }), makeGraph(), /no input “data” \(“image”\)/],
    [
      'an output name',
      makeCard({ output: { name: 'prob', kind: 'logits' } }),
      makeGraph(),
      /no output “prob”/,
    ],
    ['a size', makeCard({}, { width: 5 }), makeGraph(), /batch×3×4×5.*batch×3×4×4/],
    ['a layout', makeCard({}, { layout: 'NHWC' }), makeGraph(), /batch×4×4×3/],
    [
      'channels',
      makeCard({}, { channels: 'GRAY', mean: [0], std: [1] }),
      makeGraph(),
      /batch×1×4×4/,
    ],
    ['labels', makeCard({ labels: ['a', 'b', 'c'] }), makeGraph(), /3 labels.*2 classes/],
    [
      'what the output holds',
      makeCard({ output: { name: 'logits', kind: 'probabilities' } }),
      makeGraph(),
      /no Softmax or Sigmoid/,
    ],
    [
      'the whole numbers that the input takes',
      makeCard(),
      makeGraph({ wholeNumbers: { low: 0, high: 255 } }),
      /whole numbers from 0 to 255/,
    ],
    [
      'the range of signed ones',
      makeCard({}, { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }),
      makeGraph({ wholeNumbers: { low: -128, high: 127 } }),
      /whole numbers from -128 to 127/,
    ],
  ])('refuses a card that contradicts %s', (_name, card, graph, sentence) => {
    expect(() => checkCard(card, anySha256, graph)).toThrow(
      expect.objectContaining({
        code: 'invalid-card',
        message: expect.stringMatching(sentence),
      }),
    )
  })
})
