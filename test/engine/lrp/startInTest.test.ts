import { expect, test, vi } from 'vitest'
import { compiledNames } from '../../../src/engine/lrp/compile'
import { createExplainer } from '../../../src/engine/lrp/explainer'
import type * as FirstSound from '../../../src/engine/onnx/firstSound'
import { floatData } from '../../../src/engine/onnx/runtime'
import { testFeeds, type TestInput } from '../../../src/engine/onnx/selfCheck'
import { linear } from './methods/small'

/** The inputs of every graph that was opened. */
const opened = vi.hoisted(() => [] as (readonly TestInput[])[])
vi.mock('../../../src/engine/onnx/firstSound', async (importOriginal) => {
  const original = await importOriginal<typeof FirstSound>()
  const openFirstSound: typeof original.openFirstSound = (asked) => {
    opened.push(asked.inputs)
    return original.openFirstSound(asked)
  }
  return { ...original, openFirstSound }
})

test.each(['logit', 'unit'] as const)(
  'a provider is held against the CPU by what logits start, also for a start of %s',
  async (start) => {
    const bytes = linear([2], [[1, 2], [3, 4]], [0, 0]) // prettier-ignore
    const explainer = await createExplainer(bytes, { method: 'epsilon', parameters: {}, start, batch: 1 }) // prettier-ignore
    await explainer.release()
    const feeds = testFeeds(opened.at(-1) ?? [])
    const moved = (name: string): boolean => floatData(feeds[name]).some((value) => value !== 0)
    const { mask, unit } = compiledNames
    expect(Object.keys(feeds)).toEqual(['input', mask, unit])
    expect([moved('input'), moved(mask), moved(unit)]).toEqual([true, true, false])
  },
)
