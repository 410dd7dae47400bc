import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createExplainer, createStartsExplainer } from '../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../src/engine/lrp/explainerTypes'
import { keepsLedger, type MethodName, type Start } from '../../../src/shared/explanation/method'
import { relativeL2 } from '../../support/npy'
import { explainOnce, linear, reluNetwork } from './methods/small'
import { noise, SmallNetwork } from './support/smallNetwork'

const fixture = (name: string): Uint8Array =>
  readFileSync(`test/fixtures/goldens/${name}/model.onnx`)
const relu = reluNetwork().bytes
const vit = fixture('vit_tiny')
const cases: readonly (readonly [name: string, bytes: Uint8Array, method: MethodName])[] = [
  ['small network', relu, 'zero'],
  ['small network', relu, 'epsilon'],
  ['small network', relu, 'epsilon-plus-flat'],
  ['small network', relu, 'epsilon-alpha2-beta1'],
  ['small network', relu, 'epsilon-gamma-box'],
  ['small network', relu, 'excitation-backprop'],
  ['small network', relu, 'gradient'],
  ['small network', relu, 'input-x-gradient'],
  ['small network', relu, 'integrated-gradients'],
  ['vit_tiny', vit, 'attn-lrp'],
  ['vit_tiny', vit, 'cp-lrp'],
  ['resnet_bottleneck_tiny', fixture('resnet_bottleneck_tiny'), 'epsilon-plus'],
]

function optionsFor(method: MethodName, start: Start, batch: number): ExplainerOptions {
  const parameters = method === 'epsilon-gamma-box' ? { low: -1, high: 1 } : {}
  return { method, parameters, start, batch }
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1)

/** +1 at another class in each row, and −1 at class 0 in the last. */
function masksOf(rows: number, classCount: number): Float32Array {
  const masks = new Float32Array(rows * classCount)
  for (let row = 0; row < rows; row++) masks[row * classCount + ((row + 1) % classCount)] = 1
  masks[(rows - 1) * classCount] = -1
  return masks
}

const inputOf = (shape: readonly number[]): Float32Array => noise(7, sizeOf(shape))

describe.each(cases)('%s, %#: %s', (_, bytes, method) => {
  test('a view is to the bit what is made with its start value, whichever the session was made with', async () => {
    const made = await createExplainer(bytes, optionsFor(method, 'logit', 2))
    const input = inputOf(made.inputShape)
    const masks = masksOf(made.inputShape[0] ?? 1, made.classCount)
    for (const start of ['unit', 'logit', 'unit'] as const) {
      const view = made.startingAt(start)
      const own = await createExplainer(bytes, optionsFor(method, start, 2))
      expect(await view.run(input, masks)).toEqual(await own.run(input, masks))
      expect(view.conventions).toEqual(own.conventions)
      expect(view.startingAt(start)).toBe(view)
      await own.release()
    }
    await made.release()
  })

  test('so are those of several starts', async () => {
    const made = await createStartsExplainer(bytes, optionsFor(method, 'unit', 1), 3)
    const input = inputOf(made.inputShape)
    const masks = masksOf(3, made.classCount)
    for (const start of ['logit', 'unit'] as const) {
      const view = made.startingAt(start)
      const own = await createStartsExplainer(bytes, optionsFor(method, start, 1), 3)
      expect(await view.run(input, masks)).toEqual(await own.run(input, masks))
      expect(view.conventions).toEqual(own.conventions)
      await own.release()
    }
    await made.release()
  })
})

describe.each(cases.filter(([, , method]) => keepsLedger(method)))(
  '%s, %#: %s',
  (_, bytes, method) => {
    /** Relevance is linear in the start: of one class, what 1 gives, times the logit, is what the logit gives. */
    function expectScaled(unit: Float32Array, logit: Float32Array, z: number): void {
      expect(Math.abs(z - 1)).toBeGreaterThan(1e-3)
      const scaled = unit.map((value) => value * z)
      expect(relativeL2(scaled, logit)).toBeLessThan(1e-5)
    }

    test('a unit start is a logit start over the logit, sample by sample', async () => {
      const logit = await createExplainer(bytes, optionsFor(method, 'logit', 2))
      const unit = logit.startingAt('unit')
      const { inputShape, classCount } = logit
      const [batch = 1] = inputShape
      const input = inputOf(inputShape)
      const classes = Array.from({ length: batch }, (__, row) => (row + 1) % classCount)
      const mask = new Float32Array(batch * classCount)
      for (const [row, at] of classes.entries()) mask[row * classCount + at] = 1
      const [byLogit, byUnit] = [await logit.run(input, mask), await unit.run(input, mask)]
      await logit.release()
      expect([...byUnit.startRelevance]).toEqual(classes.map(() => 1))
      const size = sizeOf(inputShape) / batch
      for (const [row, at] of classes.entries()) {
        const part = (values: Float32Array) => values.subarray(row * size, (row + 1) * size)
        const z = byLogit.logits[row * classCount + at] ?? Number.NaN
        expectScaled(part(byUnit.relevance), part(byLogit.relevance), z)
        expect(byLogit.startRelevance[row]).toBe(z)
      }
    })

    test('and start by start', async () => {
      const logit = await createStartsExplainer(bytes, optionsFor(method, 'logit', 1), 2)
      const { inputShape, classCount } = logit
      const input = inputOf(inputShape)
      const masks = new Float32Array(2 * classCount)
      masks[0] = 1
      masks[classCount + 1] = 1
      const byLogit = await logit.run(input, masks)
      const byUnit = await logit.startingAt('unit').run(input, masks)
      await logit.release()
      expect(byUnit).toHaveLength(2)
      for (const [at, { relevance, startRelevance }] of byUnit.entries()) {
        const z = byLogit[at]?.logits[at] ?? Number.NaN
        expectScaled(relevance, byLogit[at]?.relevance ?? new Float32Array(), z)
        expect([...startRelevance]).toEqual([1])
      }
    })
  },
)

describe('logits that are 0 or next to it', () => {
  // x = (1, 1): z = (1 − 1, 1 + 1) = (0, 2).
  const balanced = linear([2], [[1, -1], [1, 1]], [0, 0]) // prettier-ignore

  test('z = 0: its logit is nothing to pass; 1 goes by 1e-6 in place of z, and is kept', async () => {
    const asked = { method: 'zero', start: 'logit' } as const
    const logit = await explainOnce(balanced, asked, [1, 1], [1, 0])
    expect([...logit.relevance].map(Math.abs)).toEqual([0, 0])
    // R_i = a_i w_i · 1/1e-6.
    const unit = await explainOnce(balanced, { ...asked, start: 'unit' }, [1, 1], [1, 0])
    expect([...unit.relevance]).toEqual([1e6, -1e6])
    const [entry] = unit.ledger ?? []
    expect(entry).toMatchObject({ relevanceOut: 1, relevanceIn: 0 })
    expect(entry?.stabiliser).toBeCloseTo(1, 6)
  })

  test('tiny logits give what they are, not what a stabiliser leaves of them', async () => {
    const tiny = Math.fround(1e-30)
    const bytes = linear([2], [[tiny, 0], [1, 1]], [0, 0]) // prettier-ignore
    const { relevance } = await explainOnce(bytes, { method: 'zero', start: 'logit' }, [1, 1], [1, 0]) // prettier-ignore
    // R_0 = a_0 w_0 · z/z
    expect([...relevance]).toEqual([tiny, 0])
  })

  // z = (x · U)/(x · V), which has no rule, with x = (1, 1): (1e-6/1, 2/2).
  const small = Math.fround(1e-6)
  const asked = { method: 'zero', missing: 'gradient' } as const
  function ratio(): Uint8Array {
    const net = new SmallNetwork([2])
    const above = net.node('MatMul', ['input', net.floats('u', [2, 2], [small, 1, 0, 1])])
    const below = net.node('MatMul', ['input', net.floats('v', [2, 2], [1, 2, 0, 0])])
    return net.finish(net.node('Div', [above, below]))
  }

  test('nor does a gradient in place of a rule divide by the logits', async () => {
    const logit = await explainOnce(ratio(), { ...asked, start: 'logit' }, [1, 1], [1, 0])
    // R/z = 1, ∂z/∂a = 1/b = 1 and ∂z/∂b = −a/b² = −1e-6: 1e-6 and −1e-6, both to x_0; half of that were R/stab(z)
    // in place of R/z. At b the whole comes back, so that they cancel: the ledger tells them apart.
    const entry = logit.ledger?.find(({ rule }) => rule === 'gradient')
    expect(entry).toMatchObject({ relevanceOut: small, relevanceIn: 0, stabiliser: 0 })
    expect(entry?.unexplained).toBe(small)
  })

  test('but by their stabilised value for a start of 1, and says so', async () => {
    const unit = await explainOnce(ratio(), { ...asked, start: 'unit' }, [1, 1], [1, 0])
    // s = 1/(1e-6 + 1e-6) = 5e5: of 1, z·s = ½ goes on, which the gradient does not conserve, and ½ is kept.
    const entry = unit.ledger?.find(({ rule }) => rule === 'gradient')
    expect(entry?.relevanceOut).toBe(1)
    expect(entry?.stabiliser).toBeCloseTo(0.5, 6)
    expect(entry?.unexplained).toBeCloseTo(0.5, 6)
  })
})
