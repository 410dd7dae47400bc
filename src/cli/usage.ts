import { methodNames } from '../shared/explanation/method'
import { providerChoices } from '../shared/explanation/provider'
import { parameterRanges } from '../shared/explanation/parameterRanges'

const parameters = Object.entries(parameterRanges)
  .map(([name, range]) => `  ${name.padEnd(9)}${range}`)
  .join('\n')

export const usage = `Pixelwise: verify what an image classifier decided and why.

  pixelwise explain  --model M.onnx [--card C.json] --input IMAGE|X.npy --out DIR
                     --method NAME | --composite FILE   [--param k=v …] [--missing refuse|gradient]
                     [--class top|N|N,M,…|top5] [--against N] [--start logit|unit]
                     [--tile X,Y] [--output NAME] [--at NODE] [--provider NAME] [--threads N] [--json]
  pixelwise classify --model M.onnx [--card C.json] --input IMAGE|X.npy [--tile X,Y]
                     [--output NAME] [--provider NAME] [--threads N] [--json]
  pixelwise inspect  --model M.onnx [--card C.json] [--method NAME | --composite FILE]
                     [--output NAME] [--missing refuse|gradient] [--json]
  pixelwise demo     [--out DIR] [--json]
  pixelwise bench-lrp [--provider NAME] [--threads N] [--json]

Methods: ${methodNames.join(', ')}.
--composite FILE   rules of your own, one per layer (docs/composites.md); implies --method custom
--missing gradient takes the gradient at operators without a rule, and says where; else such a model is refused
--class 3,7,9      several classes, in one run where the model allows it: relevance_3.npy, heatmap_3.png, …
--output NAME      the output that holds the classes, where there is no card to say so
--at NODE          also relevance_at.npy: the relevance at that node's output (inspect lists the names)
--provider NAME    ${providerChoices.join(', ')}; cpu, the reference, when absent (docs/providers.md)
--threads N        within one operator; the number of physical cores when absent

Parameters (--param name=value; each only for the methods that use it):
${parameters}

A .npy input (float32, in the model's input shape) is fed as it is. Exit status: 0, or 2 with one line on stderr.
`
