import type { ModelCard } from '../../shared/card'
import type { ReviewState, Session, SessionImage, Settings, ViewState } from '../../shared/session'
import type { App } from '../state/app'
import type { Explanation } from '../state/analysis'
import type { NavigationState } from '../state/navigation'
import type { StageState } from '../state/stage'

/** What an action needs to know to say whether it can be performed. */
export interface Snapshot {
  readonly navigation: NavigationState
  readonly session: Session | null
  readonly card: ModelCard | null
  readonly image: SessionImage | null
  readonly index: number
  readonly review: ReviewState | null
  readonly explanation: Explanation | null
  readonly stage: StageState
  readonly view: ViewState
  readonly settings: Settings
  readonly importing: boolean
}

export const sections = [
  'Session',
  'Tools',
  'View',
  'Evidence',
  'Regions',
  'Verdict',
  'Edit',
  'Help',
] as const
export type Section = (typeof sections)[number]

/** One thing the user can do: the toolbar, keys, menus, palette and the shortcut sheet read it. */
export interface Action {
  readonly id: string
  readonly label: string
  /** The word on a crowded toolbar; the label where absent. */
  readonly short?: string
  readonly section: Section
  /** Any of these performs it; the first is printed. */
  readonly keys: readonly string[]
  /** Also while a text field has the focus. */
  readonly whileTyping?: boolean
  /** Also while a dialog is open. */
  readonly inDialogs?: boolean
  readonly enabled: (state: Snapshot) => boolean
  /** What it would do now, where that varies: "Undo Add rectangle". */
  readonly labelNow?: (state: Snapshot) => string
  /** For what is on or off. */
  readonly active?: (state: Snapshot) => boolean
  readonly perform: (app: App) => void
  /** For what lasts while its key is held. */
  readonly release?: (app: App) => void
  /** Of no use in a list, such as moving by an arrow key. */
  readonly keyboardOnly?: boolean
  /** One of four for the four arrow keys: the shortcut sheet tells them in one line. */
  readonly arrows?: string
}

export const always = (): boolean => true
export const inReview = (state: Snapshot): boolean =>
  state.navigation.screen === 'review' && state.session !== null
export const withImage = (state: Snapshot): boolean => inReview(state) && state.image !== null
