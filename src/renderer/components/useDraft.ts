import { useCallback, useEffect, useRef, useState } from 'react'
import { savingDelay } from './savingDelay'

export interface DraftText {
  readonly text: string
  readonly change: (text: string) => void
  /** Saves what has not been saved. */
  readonly flush: () => void
}

/**
 * Text that is typed here and kept elsewhere: saved when typing pauses, every two seconds when it
 * does not, and when the field loses the focus, goes away, or the window closes. Changes from elsewhere
 * (undo) show as long as nothing unsaved stands here.
 */
export function useDraft(value: string, save: (text: string) => void): DraftText {
  const [draft, setDraft] = useState<string | null>(null)
  const unsaved = useRef<string | null>(null)
  const since = useRef<number | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const latest = useRef({ value, save })
  useEffect(() => {
    latest.current = { value, save }
  })

  const flush = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    since.current = null
    const text = unsaved.current
    unsaved.current = null
    setDraft(null)
    if (text !== null && text !== latest.current.value) latest.current.save(text)
  }, [])

  const change = useCallback(
    (text: string) => {
      unsaved.current = text
      setDraft(text)
      if (timer.current !== null) clearTimeout(timer.current)
      const now = performance.now()
      since.current ??= now
      timer.current = setTimeout(flush, savingDelay(since.current, now))
    },
    [flush],
  )

  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  return { text: draft ?? value, change, flush }
}
