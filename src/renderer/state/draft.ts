import { createStore, type StoreApi } from 'zustand/vanilla'
import { AppError, type ErrorShape } from '../../shared/errors'
import type { ModelCard } from '../../shared/card'
import type { MissingRule } from '../../shared/explanation/method'
import type { ChosenFile, ModelInspection } from '../../shared/session'
import type { Api } from '../api/client'

/** A session in the making. */
export interface DraftState {
  readonly name: string
  readonly samples: readonly ChosenFile[]
  readonly model: ChosenFile | null
  readonly inspecting: boolean
  readonly inspection: ModelInspection | null
  readonly modelError: ErrorShape | null
  /** The output that the expert chose; null leaves it to the file. */
  readonly output: string | null
  /** The card as it will be used; null while a proposal waits for its confirmation. */
  readonly card: ModelCard | null
  readonly images: readonly ChosenFile[]
  /** Whether the gradient may stand in where a rule is missing. */
  readonly missing: MissingRule
}

export interface DraftService {
  readonly store: StoreApi<DraftState>
  readonly loadSamples: () => Promise<void>
  readonly reset: () => void
  readonly chooseModel: (file: ChosenFile) => Promise<void>
  /** Says which output holds the classes, of a model whose file does not. */
  readonly chooseOutput: (name: string) => Promise<void>
  readonly confirmCard: (card: ModelCard | null) => void
  readonly addImages: (files: readonly ChosenFile[]) => void
  readonly removeImage: (token: ChosenFile['token']) => void
  readonly clearImages: () => void
  readonly rename: (name: string) => void
  readonly setMissing: (missing: MissingRule) => void
}

const empty: Omit<DraftState, 'samples'> = {
  name: '',
  model: null,
  inspecting: false,
  inspection: null,
  modelError: null,
  output: null,
  card: null,
  images: [],
  missing: 'refuse',
}

export function createDraft(api: Api): DraftService {
  const store = createStore<DraftState>(() => ({ ...empty, samples: [] }))
  let latest = 0

  async function inspect(file: ChosenFile, output?: string): Promise<void> {
    const number = ++latest
    const stillWanted = () => store.getState().model?.token === file.token && number === latest
    try {
      const inspection = await api.call('models.inspect', { token: file.token, output })
      if (!stillWanted()) return
      store.setState({
        inspection,
        inspecting: false,
        card: inspection.origin === 'found' ? inspection.card : null,
      })
    } catch (thrown) {
      if (!stillWanted()) return
      store.setState({ inspecting: false, modelError: AppError.from(thrown).toShape() })
    }
  }

  return {
    store,
    loadSamples: async () => {
      store.setState({ samples: await api.call('models.samples', undefined) })
    },
    reset: () => {
      store.setState(empty)
    },
    chooseModel: async (file) => {
      store.setState({
        model: file,
        inspecting: true,
        inspection: null,
        modelError: null,
        output: null,
        card: null,
        missing: 'refuse',
      })
      await inspect(file)
    },
    chooseOutput: async (name) => {
      const { model } = store.getState()
      if (!model) return
      store.setState({
        inspecting: true,
        modelError: null,
        output: name,
        card: null,
        missing: 'refuse',
      })
      await inspect(model, name)
    },
    confirmCard: (card) => {
      store.setState({ card })
    },
    addImages: (files) => {
      store.setState(({ images }) => {
        const known = new Set(images.map(({ token }) => token))
        return { images: [...images, ...files.filter(({ token }) => !known.has(token))] }
      })
    },
    removeImage: (token) => {
      store.setState(({ images }) => ({ images: images.filter((file) => file.token !== token) }))
    },
    clearImages: () => {
      store.setState({ images: [] })
    },
    rename: (name) => {
      store.setState({ name })
    },
    setMissing: (missing) => {
      store.setState({ missing })
    },
  }
}

/** Every node has a rule, or the gradient may stand in for those that have none. */
export function canBeExplained({ inspection, modelError, missing }: DraftState): boolean {
  if (!inspection || modelError) return false
  const { coverage, byGradient } = inspection
  return coverage.supported || (missing === 'gradient' && byGradient?.supported === true)
}

/** What still keeps the session from being made, in words; null when nothing does. */
export function whatIsMissing(draft: DraftState): string | null {
  if (draft.inspecting) return 'The model is being read.'
  if (!draft.inspection) return 'Choose a model.'
  if (!canBeExplained(draft)) return 'This model cannot be explained yet.'
  if (!draft.card) return 'Confirm the model card.'
  if (draft.images.length === 0) return 'Choose at least one image.'
  return null
}

/** Sessions are told apart by what they judge and when: `ihc-dab, 14 July 2026`. */
export function proposedName(draft: DraftState, today: Date): string {
  const model = draft.card?.name ?? draft.inspection?.card.name ?? 'Session'
  const date = today.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  return `${model.slice(0, 150)}, ${date}`
}
