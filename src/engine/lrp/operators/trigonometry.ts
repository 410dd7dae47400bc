import type { GraphBuilder } from '../builder'
import { activation } from './activations'
import { inputOf, outputOf, type Operator } from './operator'

/** The derivative of a function of x, of x and of y = f(x). */
type Derivative = (builder: GraphBuilder, x: string, y: string) => string

/** x² · times + plus */
function square(builder: GraphBuilder, x: string, times: 1 | -1, plus: 1 | -1): string {
  return builder.add(builder.scale(builder.mul(x, x), times), builder.scalar(plus))
}

const over = (builder: GraphBuilder, divisor: string, sign: 1 | -1 = 1): string =>
  builder.div(builder.scalar(sign), divisor)

const derivatives: Readonly<Record<string, Derivative>> = {
  Sin: (builder, x) => builder.op('Cos', [x]),
  Cos: (builder, x) => builder.scale(builder.op('Sin', [x]), -1),
  /** 1 + y² */
  Tan: (builder, _, y) => square(builder, y, 1, 1),
  /** 1 / √(1 − x²) */
  Asin: (builder, x) => over(builder, builder.op('Sqrt', [square(builder, x, -1, 1)])),
  Acos: (builder, x) => over(builder, builder.op('Sqrt', [square(builder, x, -1, 1)]), -1),
  /** 1 / (1 + x²) */
  Atan: (builder, x) => over(builder, square(builder, x, 1, 1)),
  Sinh: (builder, x) => builder.op('Cosh', [x]),
  Cosh: (builder, x) => builder.op('Sinh', [x]),
  /** 1 / √(x² + 1) */
  Asinh: (builder, x) => over(builder, builder.op('Sqrt', [square(builder, x, 1, 1)])),
  /** 1 / √(x² − 1) */
  Acosh: (builder, x) => over(builder, builder.op('Sqrt', [square(builder, x, 1, -1)])),
  /** 1 / (1 − x²) */
  Atanh: (builder, x) => over(builder, square(builder, x, -1, 1)),
}

export const trigonometry: readonly Operator[] = Object.entries(derivatives).map(
  ([name, derivative]) =>
    activation([name], (node, { builder }) => derivative(builder, inputOf(node), outputOf(node))),
)
