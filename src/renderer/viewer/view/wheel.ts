/** ×1.2 for a notch of an ordinary wheel. */
const perNotch = 1.2
/** What Chromium reports for one notch, CSS pixels. */
const notch = 100
const lineHeight = 16
const pageHeight = 800

export interface WheelInput {
  readonly deltaY: number
  /** 0 pixels, 1 lines, 2 pages, as in WheelEvent. */
  readonly deltaMode: number
  /** A trackpad's pinch arrives as a wheel with Control held. */
  readonly ctrlKey: boolean
}

/** By what the scale is to be multiplied; larger than 1 zooms in. */
export function wheelFactor({ deltaY, deltaMode, ctrlKey }: WheelInput): number {
  const unit = deltaMode === 1 ? lineHeight : deltaMode === 2 ? pageHeight : 1
  const pixels = deltaY * unit
  // A pinch sends small steps, many a second; a mouse wheel with Control held sends whole notches.
  const isPinch = ctrlKey && Math.abs(pixels) < 50
  const factor = isPinch ? Math.exp(-pixels / 100) : perNotch ** (-pixels / notch)
  return Math.min(4, Math.max(0.25, factor))
}

/** A notch is worth an animation; the fine steps of a trackpad are smooth by themselves. */
export function isNotch({ deltaY, deltaMode }: WheelInput): boolean {
  return deltaMode !== 0 || Math.abs(deltaY) >= 50
}
