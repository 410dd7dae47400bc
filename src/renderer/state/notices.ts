import { createStore, type StoreApi } from 'zustand/vanilla'
import { AppError, type ErrorCode } from '../../shared/errors'

export type Tone = 'info' | 'good' | 'error'

export interface Notice {
  readonly id: number
  readonly tone: Tone
  readonly message: string
  readonly hint: string
  /** Null for what is not an error. */
  readonly code: ErrorCode | null
  /** An action of the registry that is offered beside it. */
  readonly actionId: string | null
}

export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>
  readonly tell: (
    message: string,
    options?: { tone?: Tone; hint?: string; actionId?: string },
  ) => void
  /** What the user cancelled needs no words. */
  readonly fail: (thrown: unknown) => void
  readonly dismiss: (id: number) => void
}

/** More would cover the work; the oldest goes first. */
const most = 4

export function createNotices(): Notices {
  const store = createStore<{ notices: readonly Notice[] }>(() => ({ notices: [] }))
  let nextId = 1

  function add(notice: Omit<Notice, 'id'>): void {
    store.setState(({ notices }) => {
      const others = notices.filter(
        ({ message, hint }) => message !== notice.message || hint !== notice.hint,
      )
      return { notices: [...others, { ...notice, id: nextId++ }].slice(-most) }
    })
  }

  return {
    store,
    tell: (message, { tone = 'info', hint = '', actionId } = {}) => {
      add({ tone, message, hint, code: null, actionId: actionId ?? null })
    },
    fail: (thrown) => {
      const { code, message, hint } = AppError.from(thrown)
      if (code === 'cancelled') return
      add({ tone: 'error', message, hint, code, actionId: null })
    },
    dismiss: (id) => {
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
    },
  }
}
