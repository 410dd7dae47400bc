/** A ready-made session; paths are relative to the samples folder. */
export interface Sample {
  readonly name: string
  readonly model: string
  readonly images: readonly string[]
}

const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** `digits/c-k.png` is the k-th of the ten bundled digits of class c. */
const digits = (each: readonly number[]): readonly string[] =>
  classes.flatMap((digit) => each.map((k) => `mnist/digits/${String(digit)}-${String(k)}.png`))

export const sampleModels = [
  'ihc/ihc-dab.onnx',
  'mnist/mnist_lenet.onnx',
  'mnist/mnist_mlp_tanh.onnx',
] as const

/** The first one is opened at the first start. */
export const samples: readonly Sample[] = [
  { name: 'IHC colon, demonstration', model: sampleModels[0], images: ['ihc/ihc.png'] },
  { name: 'MNIST digits, demonstration', model: sampleModels[1], images: digits([0, 1]) },
  { name: 'MNIST digits with a tanh network', model: sampleModels[2], images: digits([0]) },
]
