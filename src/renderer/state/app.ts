import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChannelResponse } from '../../shared/ipc/contract'
import type { Api } from '../api/client'
import { createAnalysis, type AnalysisService } from './analysis'
import { createDraft, type DraftService } from './draft'
import { createImages, type ImagesService } from './images'
import { createNavigation, type Navigation } from './navigation'
import { createNotices, type Notices } from './notices'
import { tellProviderNotices } from './providerNotices'
import { createReview, type ReviewService } from './review'
import { summary } from './reviewEntry'
import { createSessions, type SessionsService } from './sessions'
import { createSettings, type SettingsService } from './settings'
import { createStage, type StageService } from './stage'
import { createTraits, type TraitsService } from './traits'
import { createView, type ViewService } from './view'

export type AppInfo = ChannelResponse<'app.info'>

/** Everything the window knows and can ask for; made once, in main.tsx. */
export interface App {
  readonly api: Api
  readonly info: StoreApi<{ readonly info: AppInfo | null }>
  readonly navigation: Navigation
  readonly notices: Notices
  readonly settings: SettingsService
  readonly sessions: SessionsService
  readonly draft: DraftService
  readonly images: ImagesService
  readonly view: ViewService
  readonly review: ReviewService
  readonly analysis: AnalysisService
  readonly stage: StageService
  readonly traits: TraitsService
}

export function createApp(api: Api): App {
  const notices = createNotices()
  const sessions = createSessions(api)
  const app: App = {
    api,
    info: createStore<{ info: AppInfo | null }>(() => ({ info: null })),
    navigation: createNavigation(),
    notices,
    settings: createSettings(api, notices),
    sessions,
    draft: createDraft(api),
    images: createImages(api),
    view: createView(api, notices),
    review: createReview(api, notices, (imageId, review) => {
      sessions.patchImage(imageId, summary(review))
    }),
    analysis: createAnalysis(api),
    stage: createStage(),
    traits: createTraits(api),
  }
  tellProviderNotices(app.analysis, app.settings, notices)
  api.on('engine.restarted', ({ error }) => {
    notices.tell(error.message, { hint: error.hint })
  })
  return app
}
