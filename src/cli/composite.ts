import type { CustomComposite } from '../shared/explanation/composite'
import { largestComposite, parseComposite } from '../shared/explanation/compositeFile'
import { AppError } from '../shared/errors'
import { readWholeFile } from '../engine/files'

/** @throws AppError `invalid-input`, `not-found` or `io`, naming the file and the place in it. */
export async function readComposite(path: string): Promise<CustomComposite> {
  const { bytes, name } = await readWholeFile(path, 'invalid-input', largestComposite)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError(
      'invalid-input',
      `“${name}” is not a text in UTF-8, so it is no composite.`,
      'Choose a JSON file.',
      { cause },
    )
  }
  return parseComposite(text, name)
}
