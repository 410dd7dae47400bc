import { AppError } from '../shared/errors'
import { reportModelSchema, type ReportModel } from '../shared/report/model'

/**
 * JSON with sorted keys, two spaces of indent and a line feed at the end: equal values give equal
 * bytes, so that the hash on the PDF's pages names this file and no other.
 */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  )
}

/** The report as the file that lies beside the PDF, UTF-8. */
export function reportJson(model: ReportModel): Uint8Array {
  return new TextEncoder().encode(canonicalJson(model))
}

/** @throws AppError `invalid-input` when the bytes are no report of this program. */
export function parseReport(bytes: Uint8Array): ReportModel {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return reportModelSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError(
      'invalid-input',
      'This file is not a report of Pixelwise, or it is damaged.',
      'Choose the .json file that was written beside the PDF.',
      { cause },
    )
  }
}
