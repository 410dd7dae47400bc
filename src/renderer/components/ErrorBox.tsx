import type { ReactNode } from 'react'
import type { ErrorShape } from '../../shared/errors'
import { CopyButton } from './CopyButton'
import styles from './ErrorBox.module.css'

export interface ErrorBoxProps {
  readonly error: ErrorShape
  /** Buttons that help. */
  readonly children?: ReactNode
}

/** What happened, what to do, and for those who ask the detail. */
export function ErrorBox({ error, children }: ErrorBoxProps) {
  const detail = `${error.code}: ${error.message}${error.hint === '' ? '' : `\n${error.hint}`}`
  return (
    <div className={styles['box']} role="alert">
      <p className={styles['message']} data-selectable>
        {error.message}
      </p>
      {error.hint === '' ? null : (
        <p className={styles['hint']} data-selectable>
          {error.hint}
        </p>
      )}
      <details className={styles['detail']}>
        <summary>Technical detail</summary>
        <pre>{detail}</pre>
        <CopyButton text={() => detail} label="Copy the detail" />
      </details>
      {children === undefined ? null : <div className={styles['row']}>{children}</div>}
    </div>
  )
}
