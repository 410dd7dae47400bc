/**
 * IEEE 754 binary16 as float32, exactly: sign, 5 bits of exponent (bias 15), 10 of fraction.
 * @param bits little-endian pairs of bytes.
 */
export function widenFloat16(bits: Uint8Array): Float32Array {
  const view = new DataView(bits.buffer, bits.byteOffset, bits.length)
  return Float32Array.from({ length: bits.length / 2 }, (_, at) => {
    const half = view.getUint16(2 * at, true)
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

/** bfloat16 as float32, exactly: the upper half of its bits. */
export function widenBfloat16(bits: Uint8Array): Float32Array {
  const wide = new Uint8Array(bits.length * 2)
  for (let at = 0; at < bits.length; at += 2) {
    wide[2 * at + 2] = bits[at] ?? 0
    wide[2 * at + 3] = bits[at + 1] ?? 0
  }
  return new Float32Array(wide.buffer)
}

/** float64 as float32, rounded to the nearest; what is too large becomes infinite. */
export function roundFloat64(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Float32Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(8 * at, true))
}
