import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** Findings of these impacts keep somebody from their work. */
const serious = new Set(['serious', 'critical'])

/**
 * What axe finds in the window as it is now, one line for each element that is seriously wrong.
 *
 * @param exclude selectors of what is not ours to judge
 */
export async function seriousFindings(
  page: Page,
  exclude: readonly string[] = [],
): Promise<readonly string[]> {
  // Legacy mode: without it axe opens a second page, which Electron cannot do.
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  for (const selector of exclude) axe.exclude(selector)
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => typeof impact === 'string' && serious.has(impact))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
    )
}
