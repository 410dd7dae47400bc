import { resolve } from 'node:path'
import type { ExplanationSpec } from '../shared/explanation/method'
import { readComposite } from './composite'
import { parseMethod, parseMissing } from './options'
import { userFolder } from './subject'

/** The options that decide which rule each node gets. */
export const ruleOptions = {
  method: { type: 'string' },
  composite: { type: 'string' },
  missing: { type: 'string' },
} as const

export interface AskedRules {
  /** Null where neither a method nor a composite is named; a composite implies `custom`. */
  readonly method: ExplanationSpec['method'] | null
  readonly composite?: NonNullable<ExplanationSpec['composite']>
  readonly missing?: NonNullable<ExplanationSpec['missing']>
}

export async function askedRules(options: {
  readonly method?: string | undefined
  readonly composite?: string | undefined
  readonly missing?: string | undefined
}): Promise<AskedRules> {
  const named = options.method === undefined ? null : parseMethod(options.method)
  const missing = parseMissing(options.missing)
  const composite =
    options.composite === undefined
      ? undefined
      : await readComposite(resolve(userFolder(), options.composite))
  return {
    method: named ?? (composite ? 'custom' : null),
    ...(composite ? { composite } : {}),
    ...(missing ? { missing } : {}),
  }
}
