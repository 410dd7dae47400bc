/** f(x) = Σ_c mask_c · z_c: the logit of the explained class, less that of the one it is held against. */
export function scoreOf(logits: Float32Array, mask: Float32Array): number {
  return mask.reduce((sum, share, c) => (share === 0 ? sum : sum + share * (logits[c] ?? 0)), 0)
}

/** In double precision. */
export function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
