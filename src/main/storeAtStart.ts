import { AppError, type ErrorShape } from '../shared/errors'
import type { OpenedStore, Store } from '../store'

export interface StoreAtStart {
  readonly ok: boolean
  /** @throws AppError with the reason why it could not be opened, each time. */
  readonly store: () => Store
  readonly notices: readonly ErrorShape[]
  readonly close: () => void
}

/**
 * Opens the store; a store that cannot be opened (newer, read-only, in use) does not keep the
 * window from opening, because the window is where the user reads why.
 */
export async function openAtStart(
  open: () => OpenedStore | Promise<OpenedStore>,
): Promise<StoreAtStart> {
  try {
    const { store, notices } = await open()
    return {
      ok: true,
      store: () => store,
      notices,
      close: () => {
        store.close()
      },
    }
  } catch (thrown) {
    const error = AppError.from(thrown)
    return {
      ok: false,
      store: () => {
        throw error
      },
      notices: [],
      close: () => undefined,
    }
  }
}
