import type { AnalysisService } from './analysis'
import type { Notices } from './notices'
import type { SettingsService } from './settings'

/**
 * Tells once why the provider that was chosen by name does not compute. What `auto` left out is its own
 * business: the status bar and the ledger say it to who wants to know.
 */
export function tellProviderNotices(
  analysis: AnalysisService,
  settings: SettingsService,
  notices: Notices,
): void {
  const told = new Set<string>()
  analysis.store.subscribe(({ explanation }) => {
    if (settings.store.getState().provider === 'auto') return
    for (const notice of explanation?.result.notices ?? []) {
      if (told.has(notice)) continue
      told.add(notice)
      notices.tell(notice)
    }
  })
}
