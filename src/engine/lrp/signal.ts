import type { GraphBuilder } from './builder'

/**
 * Relevance at a value, kept as a product R = factor · carrier so that activations, residuals and
 * routes need no division. Without a carrier the factor is the relevance itself (or, in gradient
 * methods, the gradient). Both have the value's shape.
 */
export interface Signal {
  readonly factor: string
  readonly carrier: string | null
  /** Of a carrier that is a value of the network at some places and 0 elsewhere: that value. */
  readonly partOf?: string
}

/** The network's value that the relevance goes with; null where there is none. */
export function carriedBy({ carrier, partOf }: Signal): string | null {
  return partOf ?? carrier
}

/** The relevance as one tensor. */
export function relevanceOf(builder: GraphBuilder, signal: Signal): string {
  return signal.carrier === null ? signal.factor : builder.mul(signal.factor, signal.carrier)
}

/** The sum of what several consumers send to one value. */
export function combine(builder: GraphBuilder, signals: readonly Signal[]): Signal {
  const [first] = signals
  if (!first) throw new Error('no relevance to combine')
  if (signals.every((signal) => signal.carrier === first.carrier)) {
    return { ...first, factor: builder.sum(signals.map((signal) => signal.factor)) }
  }
  return {
    factor: builder.sum(signals.map((signal) => relevanceOf(builder, signal))),
    carrier: null,
  }
}

/**
 * R / (z + ε·sgn z) elementwise; `vanishes` says that the relevance is 0 wherever z ≤ 0 (a ReLU
 * lies behind), which fixes the sign and spares the work.
 */
export function divided(
  builder: GraphBuilder,
  signal: Signal,
  z: string,
  epsilon: number,
  vanishes: boolean,
): string {
  const { factor, carrier } = signal
  if (carrier !== null && epsilon === 0) {
    if (carrier === z) {
      // f · z / z is f, but for an exact z = 0, where R = 0 passes nothing.
      return builder.mul(factor, builder.op('Sub', [builder.scalar(1), builder.isZero(z)]))
    }
    if (vanishes) {
      // 1 in place of z where the relevance is 0 anyway.
      const elsewhere = builder.toFloat(builder.op('LessOrEqual', [z, builder.scalar(0)]))
      const safe = builder.add(builder.positive(z), elsewhere)
      return builder.mul(factor, builder.div(carrier, safe))
    }
  }
  const denominator =
    vanishes && epsilon > 0
      ? builder.add(builder.positive(z), builder.scalar(epsilon))
      : builder.stabilised(z, epsilon)
  return quotient(builder, signal, denominator)
}

/**
 * R / denominator elementwise; R is made once, for its sum in the ledger as well. Several starts share carrier and
 * denominator, and so their quotient.
 */
export function quotient(builder: GraphBuilder, signal: Signal, denominator: string): string {
  const { factor, carrier } = signal
  return builder.starts > 1 && carrier !== null
    ? builder.mul(factor, builder.div(carrier, denominator))
    : builder.div(relevanceOf(builder, signal), denominator)
}
