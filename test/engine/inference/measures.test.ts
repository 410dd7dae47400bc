import { describe, expect, test } from 'vitest'
import { explain } from '../../../src/engine/inference/explain'
import { measureMeans } from '../../../src/engine/inference/meanMeasures'
import type { Sampling } from '../../../src/engine/inference/sampling'

/** `count` samples of one pixel, side by side; sample k is the number k. */
function row(count: number): Sampling {
  return {
    scope: { kind: 'whole' },
    count,
    sampleSize: 1,
    fill: (index, out) => out.set([index]),
    map: {
      channels: 1,
      width: count,
      height: 1,
      sample: { width: 1, height: 1 },
      layout: 'NCHW',
      origin: (index) => ({ x: index, y: 0 }),
    },
    region: { x: 0, y: 0, width: count, height: 1 },
    tiling: null,
    conventions: [],
  }
}

/** Explains x by x in two passes, and states 10 x. */
const twoPasses: Parameters<typeof explain>[0] = {
  inputShape: [1, 1, 1, 1],
  classCount: 1,
  exactForward: true,
  run: (input, _mask, progress) => {
    for (let done = 0; done <= 2; done++) progress?.(done, 2)
    return Promise.resolve({
      relevance: input.slice(),
      logits: Float32Array.of(1),
      startRelevance: Float32Array.of(1),
      ledger: null,
      at: null,
      measures: [{ name: 'ten times', value: 10 * (input[0] ?? NaN) }],
    })
  },
}

const target = { index: 0, against: null }

describe('what a method states of itself', () => {
  test('is the mean over the tiles, and says so', async () => {
    // Tiles 0, 1, 2: (0 + 10 + 20) / 3.
    const map = await explain(twoPasses, row(3), target, [1], () => undefined)
    expect(map.measures).toEqual([{ name: 'ten times', value: 10 }])
    expect(map.conventions).toEqual([{ name: 'ten times', value: '10 (mean over 3 tiles)' }])
  })

  test('is itself where there is one sample', () => {
    const means = measureMeans(1)
    means.add([{ name: 'residual', value: 0.123456789 }])
    expect(means.mean()).toEqual([{ name: 'residual', value: 0.123456789 }])
    expect(means.words()).toEqual([{ name: 'residual', value: '0.123457' }])
  })
})

test('progress counts the passes of all tiles, and never goes back', async () => {
  const told: [number, number][] = []
  await explain(twoPasses, row(2), target, [1], (_stage, done, total) => told.push([done, total]))
  expect(told).toEqual([
    [0, 2],
    [0, 4],
    [1, 4],
    [2, 4],
    [2, 4],
    [2, 4],
    [3, 4],
    [4, 4],
    [4, 4],
  ])
})
