import { methodNames } from '../shared/explanation/method'

export const usage = `Pixelwise: verify what an image classifier decided and why.

  pixelwise explain  --model M.onnx [--card C.json] --input IMAGE|X.npy --method NAME --out DIR
                     [--param k=v …] [--class N|top] [--against N] [--start logit|unit]
                     [--tile X,Y] [--json]
  pixelwise classify --model M.onnx [--card C.json] --input IMAGE|X.npy [--tile X,Y] [--json]
  pixelwise inspect  --model M.onnx [--card C.json] [--method NAME] [--json]
  pixelwise demo     [--out DIR] [--json]
  pixelwise bench-lrp [--json]

Methods: ${methodNames.join(', ')}.
Parameters: epsilon, gamma, low, high (low and high: a number, or one per channel, separated by commas).
A .npy input (float32, in the model's input shape) is fed as it is. Exit status: 0, or 2 with one line on stderr.
`
