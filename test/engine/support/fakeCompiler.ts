import type { Compiler } from '../../../src/engine/inference/compiler'
import type { Explainer } from '../../../src/engine/lrp/explainerTypes'
import { summariseLedger } from '../../../src/engine/lrp/ledger'
import { eitherStart } from '../../../src/engine/lrp/startRelevance'
import { makeGraph } from './cards'

/**
 * A compiler whose numbers are known by heart and that writes down what is compiled and released.
 * Two classes: logits are (Σ input, −Σ input) of a sample; relevance is the input itself.
 */
export function fakeCompiler(sampleShape: readonly number[] = [3, 4, 4]) {
  const log: string[] = []
  const size = sampleShape.reduce((product, n) => product * n, 1)
  const logitsOf = (input: Float32Array, batch: number) =>
    Float32Array.from({ length: batch * 2 }, (_, i) => {
      const sample = input.subarray(Math.floor(i / 2) * size, (Math.floor(i / 2) + 1) * size)
      const sum = sample.reduce((total, value) => total + value, 0)
      return i % 2 === 0 ? sum : -sum
    })
  const session = (name: string, batch: number) => ({
    inputShape: [batch, ...sampleShape],
    classCount: 2,
    probabilities: 'softmax' as const,
    runsOn: { provider: 'fake', threads: 1, notices: [] },
    compileMs: 1,
    release: () => {
      log.push(`release ${name}`)
      return Promise.resolve()
    },
  })
  const compiler: Compiler = {
    createClassifier(_model, batch) {
      const name = `classifier ×${batch}`
      log.push(`compile ${name}`)
      return Promise.resolve({
        ...session(name, batch),
        run: (input) => Promise.resolve(logitsOf(input, batch)),
      })
    },
    createExplainer(_model, { method, batch, parameters, start: asked }) {
      const name = `${method}${parameters.epsilon ?? ''} ×${batch}`
      log.push(`compile ${name}`)
      const view = eitherStart<Explainer>((value, startingAt) => ({
        ...session(name, batch),
        exactForward: true,
        conventions: [
          { name: 'parameters', value: JSON.stringify(parameters) },
          { name: 'start', value },
        ],
        startingAt,
        run: (input, mask) => {
          const logits = logitsOf(input, batch)
          const share = (at: number) =>
            (value === 'logit' ? (logits[at] ?? 0) : 1) * (mask[at] ?? 0)
          const start = Float32Array.from(
            { length: batch },
            (_, row) => share(2 * row) + share(2 * row + 1),
          )
          const sum = start.reduce((total, part) => total + part, 0)
          const entry = {
            node: 'n',
            operator: 'Gemm',
            rule: 'zero',
            relevanceOut: sum,
            relevanceIn: sum,
            bias: 0,
            stabiliser: 0,
            unexplained: 0,
            residual: 0,
            relativeResidual: 0,
          }
          return Promise.resolve({
            relevance: input.slice(),
            logits,
            startRelevance: start,
            ledger: method === 'gradient' ? null : [entry],
            at: null,
            measures: [],
          })
        },
      }))
      return Promise.resolve(view(asked))
    },
    createStartsExplainer: () => Promise.reject(new Error('not part of the fake')),
    inspectGraph: () =>
      Promise.resolve(makeGraph({ inputs: [{ name: 'image', shape: [null, ...sampleShape] }] })),
    summariseLedger,
  }
  return { compiler, log }
}
