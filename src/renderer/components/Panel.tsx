import { useId, type ReactNode } from 'react'
import styles from './Panel.module.css'

export interface PanelSectionProps {
  readonly title: string
  /** Stands at the heading's right. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

export function PanelSection({ title, aside, children }: PanelSectionProps) {
  const id = useId()
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <h2 className={styles['heading']}>
        <span id={id}>{title}</span>
        {aside === undefined ? null : (
          <span className={styles['aside']} data-numbers>
            {aside}
          </span>
        )}
      </h2>
      {children}
    </section>
  )
}
