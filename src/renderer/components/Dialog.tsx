import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Button } from './Button'
import { Icon } from './Icon'
import styles from './Dialog.module.css'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly wide?: boolean
  readonly children: ReactNode
  readonly footer?: ReactNode
}

/** A native modal dialog: the browser keeps the focus inside and gives it back afterwards. */
export function Dialog({ title, onClose, wide = false, children, footer }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement
    dialog.showModal()
    // The browser would choose the button that closes; a field, or the beginning, serves better.
    const field = dialog.querySelector<HTMLElement>('[data-first]')
    const first = field ?? dialog.querySelector<HTMLElement>('h2')
    first?.focus()
    if (first instanceof HTMLInputElement) first.select()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={`${styles['dialog'] ?? ''} ${wide ? styles['wide'] : ''}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        // The dialog element itself is hit only through its backdrop.
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <header className={styles['head']}>
        <h2 id={titleId} tabIndex={-1}>
          {title}
        </h2>
        <Button kind="icon" onClick={onClose} aria-label="Close" title="Close (Esc)">
          <Icon name="close" />
        </Button>
      </header>
      <div className={styles['body']} tabIndex={0} role="group" aria-labelledby={titleId}>
        {children}
      </div>
      {footer === undefined ? null : <footer className={styles['foot']}>{footer}</footer>}
    </dialog>
  )
}
