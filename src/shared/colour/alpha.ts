/** Width of the fade above the threshold, as a share of the legend's range. */
const fadeWidth = 0.04

/** 0 at or below 0, 1 at or above 1, with flat ends: 3x² − 2x³. */
function smoothstep(x: number): number {
  const clamped = Math.min(1, Math.max(0, x))
  return clamped * clamped * (3 - 2 * clamped)
}

/**
 * How much of a map's colour shows, 0…1, for relevance `t` as a share of the range (−1…1):
 *
 *     alpha(t) = (1 − (1 − |t|)²) · smoothstep((|t| − threshold) / 0.04)
 *
 * Zero is transparent; weak relevance shows early, since most relevance is weak (slope 2 at 0),
 * strong relevance covers. Below the threshold nothing shows; above it the colour fades in over
 * 4 % of the range instead of jumping. Without a threshold there is no fade.
 * Depends on |t| alone: both arms are equal.
 */
export function alphaOf(t: number, threshold = 0): number {
  const magnitude = Math.min(1, Math.abs(t))
  if (Number.isNaN(magnitude)) return 0
  const open = 1 - (1 - magnitude) ** 2
  if (threshold <= 0) return open
  if (magnitude < threshold) return 0
  // The fade may not reach beyond the range, or a threshold near 1 would dim the strongest.
  const width = Math.min(fadeWidth, 1 - threshold)
  return width <= 0 ? open : open * smoothstep((magnitude - threshold) / width)
}
