import { useEffect } from 'react'
import { useStore } from 'zustand'
import { ActionButton } from '../components/ActionButton'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { CopyButton } from '../components/CopyButton'
import { Icon } from '../components/Icon'
import type { Notice } from '../state/notices'
import styles from './Toasts.module.css'

/** Long enough to read twice. Errors stay until they are closed. */
const shownForMs = 8000

const signs = { info: 'i', good: '✓', error: '!' } as const

function Toast({ notice }: { readonly notice: Notice }) {
  const app = useApp()
  const { id, tone, message, hint, code, actionId } = notice
  useEffect(() => {
    if (tone === 'error') return
    const timer = setTimeout(() => {
      app.notices.dismiss(id)
    }, shownForMs)
    return () => {
      clearTimeout(timer)
    }
  }, [app, id, tone])
  return (
    <div className={`${styles['toast'] ?? ''} ${styles[tone] ?? ''}`}>
      <span className={styles['sign']} aria-hidden="true">
        {signs[tone]}
      </span>
      <div className={styles['words']} data-selectable>
        <p>{message}</p>
        {hint === '' ? null : <p className={styles['hint']}>{hint}</p>}
      </div>
      <Button
        kind="icon"
        aria-label="Close this message"
        title="Close this message"
        onClick={() => {
          app.notices.dismiss(id)
        }}
      >
        <Icon name="close" />
      </Button>
      {actionId === null && code === null ? null : (
        <div className={styles['more']}>
          {actionId === null ? null : <ActionButton id={actionId} />}
          {code === null ? null : (
            <CopyButton label="Copy" text={() => `${code}: ${message}\n${hint}`} />
          )}
        </div>
      )}
    </div>
  )
}

/** Errors interrupt a screen reader, the rest waits for a pause. */
export function Toasts() {
  const app = useApp()
  const notices = useStore(app.notices.store, (state) => state.notices)
  const errors = notices.filter(({ tone }) => tone === 'error')
  const others = notices.filter(({ tone }) => tone !== 'error')
  return (
    <div className={styles['stack']}>
      <div role="alert">
        {errors.map((notice) => (
          <Toast key={notice.id} notice={notice} />
        ))}
      </div>
      <div role="status">
        {others.map((notice) => (
          <Toast key={notice.id} notice={notice} />
        ))}
      </div>
    </div>
  )
}
