/*
 * How numbers are written, on the screen and in the report alike: true minus sign (U+2212),
 * no-break space (U+00A0) before units, en dash for what is not there.
 */

const noBreakSpace = '\u00a0'
const missing = '–'

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
}

/** `-6` → `⁻⁶` */
export function superscript(exponent: number): string {
  return [...String(exponent)].map((digit) => superscripts[digit] ?? digit).join('')
}

function withMinus(text: string): string {
  return text.replace('-', '−')
}

/** 0…1 with two digits. What is neither 0 nor 1 never reads as 0 or 1: `> 0.99`, `< 0.01`. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return missing
  if (probability > 0 && probability < 0.005) return `<${noBreakSpace}0.01`
  if (probability < 1 && probability >= 0.995) return `>${noBreakSpace}0.99`
  return withMinus(probability.toFixed(2))
}

export interface RelevanceFormat {
  /** Significant digits; digits before the decimal point are never dropped. */
  readonly digits?: number
  /** Write + before positive numbers. */
  readonly signed?: boolean
}

/**
 * A relevance or a logit: plain from 0.1 to below 1000 in magnitude, else in engineering notation
 * (exponents in steps of three), as in `2.1·10⁻³`.
 */
export function formatRelevance(relevance: number, format: RelevanceFormat = {}): string {
  if (Number.isNaN(relevance)) return missing
  const { digits = 2, signed = false } = format
  const sign = relevance < 0 ? '−' : signed && relevance > 0 ? '+' : ''
  const magnitude = Math.abs(relevance)
  if (magnitude === 0) return '0'
  if (magnitude === Infinity) return `${sign}∞`
  // Rounding first decides the power: 999.96 with four digits is 1.000·10³.
  const rounded = Number(magnitude.toPrecision(Math.max(digits, 3)))
  const power = Math.floor(Math.log10(rounded) + 1e-12)
  const exponent = power >= -1 && power < 3 ? 0 : Math.floor(power / 3) * 3
  const mantissa = magnitude / 10 ** exponent
  const wholeDigits = power - exponent + 1
  const text = mantissa.toFixed(Math.max(0, digits - wholeDigits))
  return exponent === 0 ? `${sign}${text}` : `${sign}${text}·10${superscript(exponent)}`
}

/**
 * A share of a whole, 0…1, in per cent: whole numbers from 10 %, one digit below.
 * What is neither nothing nor all never reads as 0 % or 100 %.
 */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return missing
  const percent = share * 100
  const unit = `${noBreakSpace}%`
  if (percent > 0 && percent < 0.05) return `<${noBreakSpace}0.1${unit}`
  if (percent < 100 && percent >= 99.5) return `>${noBreakSpace}99${unit}`
  const text =
    Math.abs(percent) < 9.95 ? percent.toFixed(1).replace(/\.0$/, '') : percent.toFixed(0)
  return withMinus(text) + unit
}

/** Decimal units: `532 bytes`, `4.1 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return missing
  if (bytes < 1000) return `${Math.round(bytes)}${noBreakSpace}${bytes === 1 ? 'byte' : 'bytes'}`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)}${noBreakSpace}${units[unit] ?? ''}`
}

/** `38 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return missing
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)}${noBreakSpace}ms`
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)}${noBreakSpace}ms`
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)}${noBreakSpace}s`
  if (seconds < 59.5) return `${seconds.toFixed(0)}${noBreakSpace}s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}${noBreakSpace}min ${whole % 60}${noBreakSpace}s`
}

/** ISO 8601 → `2026-07-14 10:42:07 UTC`: the same on every machine. */
export function formatDate(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return missing
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}${noBreakSpace}UTC`
}
