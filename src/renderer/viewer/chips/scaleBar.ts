export interface ScaleBarMark {
  /** CSS pixels. */
  readonly width: number
  readonly text: string
}

/** The bar is between half of this and this long, CSS pixels. */
const longest = 120

/** The largest of 1, 2, 5 × 10ⁿ that is at most `value`. */
function niceBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = value / power
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power
}

/**
 * A round length and its words.
 * @param scale CSS pixels per image pixel
 * @param micronsPerPixel null when it is not known: then the length is in image pixels
 */
export function scaleBar(scale: number, micronsPerPixel: number | null): ScaleBarMark {
  if (micronsPerPixel === null) {
    const pixels = Math.max(1, niceBelow(longest / scale))
    return { width: pixels * scale, text: `${pixels.toLocaleString('en-GB')}\u00a0px` }
  }
  const microns = niceBelow((longest / scale) * micronsPerPixel)
  return { width: (microns / micronsPerPixel) * scale, text: lengthText(microns) }
}

function lengthText(microns: number): string {
  if (microns >= 10_000) return `${microns / 10_000}\u00a0cm`
  if (microns >= 1000) return `${microns / 1000}\u00a0mm`
  if (microns >= 1) return `${microns}\u00a0µm`
  return `${Number((microns * 1000).toPrecision(1))}\u00a0nm`
}

/** `128 %`; one digit below 10 %. */
export function zoomText(scale: number): string {
  const percent = scale * 100
  return `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}\u00a0%`
}
