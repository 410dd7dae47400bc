import { join } from 'node:path'
import type { MethodName } from '../../shared/explanation/method'

export interface DemoSample {
  /** Names its files. */
  readonly name: string
  /** Paths of files. */
  readonly model: string
  readonly image: string
  readonly method: MethodName
}

const digits = ['0-0', '2-3', '3-1', '5-4', '8-6', '9-7'] as const
const digitModels = [
  { name: 'lenet', file: 'mnist_lenet.onnx', method: 'epsilon-plus-flat' },
  // Every pixel feeds every neuron of its first layer: `flat` there would paint one even colour.
  { name: 'mlp-tanh', file: 'mnist_mlp_tanh.onnx', method: 'epsilon' },
] as const

/** The tissue image by tiles, then some digits with both networks; model by model, to compile each once. */
export function demoSamples(root: string): readonly DemoSample[] {
  const samples = join(root, 'assets', 'samples')
  return [
    {
      name: 'ihc',
      model: join(samples, 'ihc', 'ihc-dab.onnx'),
      image: join(samples, 'ihc', 'ihc.png'),
      method: 'epsilon-plus-flat',
    },
    ...digitModels.flatMap(({ name, file, method }) =>
      digits.map((digit) => ({
        name: `${name}-${digit}`,
        model: join(samples, 'mnist', file),
        image: join(samples, 'mnist', 'digits', `${digit}.png`),
        method,
      })),
    ),
  ]
}
