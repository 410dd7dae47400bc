import { describe, expect, it } from 'vitest'
import { checkCard } from '../../../src/engine/inference/cardFile'
import { proposeCard } from '../../../src/engine/inference/proposeCard'
import { anySha256, makeGraph } from '../support/cards'

const propose = (change: Parameters<typeof makeGraph>[0] = {}) =>
  proposeCard('net.onnx', anySha256, makeGraph(change))

describe('proposeCard', () => {
  it('never contradicts the graph that it was made from', () => {
    const ranges = [null, { low: 0, high: 255 }, { low: -128, high: 127 }]
    for (const shape of [
      [1, 3, 4, 4],
      [null, 1, 28, 28],
      [1, 32, 48, 3],
      [null, null, null, null],
      [],
    ]) {
      for (const wholeNumbers of ranges) {
        const graph = makeGraph({ inputs: [{ name: 'image', shape }], wholeNumbers })
        const { card } = proposeCard('net.onnx', anySha256, graph)
        expect(() => checkCard(card, anySha256, graph)).not.toThrow()
      }
    }
  })

  it('reads size, layout and colour from the graph', () => {
    expect(propose({ inputs: [{ name: 'x', shape: [1, 32, 48, 3] }] }).card.input).toMatchObject({
      name: 'x',
      width: 48,
      height: 32,
      layout: 'NHWC',
      channels: 'RGB',
    })
    expect(propose({ inputs: [{ name: 'x', shape: [1, 1, 28, 20] }] }).card.input).toMatchObject({
      width: 20,
      height: 28,
      layout: 'NCHW',
      channels: 'GRAY',
      mean: [0],
      std: [1],
    })
  })

  it('numbers the classes and says what it could not know', () => {
    const { card, doubts } = propose()
    expect(card.labels).toEqual(['class 0', 'class 1'])
    expect(card.name).toBe('net')
    expect(doubts.join(' ')).toMatch(/numbered.*0…1.*red/s)
  })

  it('says so when the size or the output had to be guessed', () => {
    const { card, doubts } = propose({
      inputs: [{ name: 'x', shape: [null, 3, null, null] }],
      outputs: [
        { name: 'a', shape: [] },
        { name: 'b', shape: [] },
      ],
      logitsAreProbabilities: true,
    })
    expect(card.input).toMatchObject({ width: 224, height: 224 })
    expect(card.output).toEqual({ name: 'a', kind: 'probabilities' })
    expect(doubts.join(' ')).toMatch(/224×224.*which of its outputs.*“a”, “b”.*“a” is taken/s)
  })

  it('names the outputs to choose from, and the inputs that there are', () => {
    const { card, doubts } = propose({
      inputs: [
        { name: 'mask', shape: [1, 4] },
        { name: 'photo', shape: [1, 3, 32, 32] },
      ],
      outputs: [
        { name: 'label', shape: [1] },
        { name: 'scores', shape: [1, 2] },
      ],
      input: 'photo',
      output: 'scores',
      classOutputs: ['scores'],
    })
    expect(card.input.name).toBe('photo')
    expect(card.output.name).toBe('scores')
    expect(doubts.join(' ')).toMatch(
      /2 inputs \(“mask”, “photo”\).*“photo” alone.*2 outputs \(“label”, “scores”\); “scores” holds the classes\./s,
    )
  })

  it('feeds pixels as they are to an input of whole numbers', () => {
    const uint8 = propose({ wholeNumbers: { low: 0, high: 255 } })
    expect(uint8.card.input).toMatchObject({ scale: 1, mean: [0, 0, 0], std: [1, 1, 1] })
    expect(uint8.doubts.join(' ')).toContain('fed as they are')
    const int8 = propose({ wholeNumbers: { low: -128, high: 127 } })
    expect(int8.card.input).toMatchObject({ scale: 1, mean: [128, 128, 128] })
  })

  it('takes classes along any one axis', () => {
    for (const shape of [[1, 1, 4], [1, 4, 1, 1], [4], [null, 4, null, null]])
      expect(propose({ outputs: [{ name: 'y', shape }] }).card.output.name).toBe('y')
  })

  it.each([
    ['vectors', { inputs: [{ name: 'x', shape: [1, 10] }] }, /does not take images/],
    ['seven channels', { inputs: [{ name: 'x', shape: [1, 7, 9, 9] }] }, /batch×7×9×9/],
    ['a map of numbers', { outputs: [{ name: 'y', shape: [1, 5, 6, 6] }] }, /“y” holds 5×6×6 numbers for an image, not one for each class/], // prettier-ignore
    ['an unknown number of classes', { classCount: null }, /how many classes/],
  ])('refuses %s', (_name, change, sentence) => {
    expect(() => propose(change)).toThrow(
      expect.objectContaining({
        code: 'invalid-model',
        message: expect.stringMatching(sentence),
      }),
    )
  })
})
