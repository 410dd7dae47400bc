import type { Compiler } from '../../../src/engine/inference/compiler'
import { summariseLedger } from '../../../src/engine/lrp/ledger'
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
    createExplainer(_model, { method, batch, parameters }) {
      const name = `${method}${parameters.epsilon ?? ''} ×${batch}`
      log.push(`compile ${name}`)
      return Promise.resolve({
        ...session(name, batch),
        exactForward: true,
        conventions: [{ name: 'parameters', value: JSON.stringify(parameters) }],
        run: (input, mask) => {
          const logits = logitsOf(input, batch)
          const start = Float32Array.from(
            { length: batch },
            (_, row) =>
              (logits[2 * row] ?? 0) * (mask[2 * row] ?? 0) +
              (logits[2 * row + 1] ?? 0) * (mask[2 * row + 1] ?? 0),
          )
          const sum = start.reduce((total, value) => total + value, 0)
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
      })
    },
    createStartsExplainer: () => Promise.reject(new Error('not part of the fake')),
    inspectGraph: () =>
      Promise.resolve(makeGraph({ inputs: [{ name: 'image', shape: [null, ...sampleShape] }] })),
    summariseLedger,
  }
  return { compiler, log }
}
