import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { ActionButton } from '../components/ActionButton'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Icon } from '../components/Icon'
import { Kbd } from '../components/Kbd'
import { initials } from './initials'
import { Mark } from './Mark'
import styles from './TopBar.module.css'

export interface TopBarProps {
  /** Null where the screen has a heading of its own. */
  readonly title: string | null
  /** In the middle. */
  readonly children?: ReactNode
  /** Before the palette. */
  readonly status?: ReactNode
}

export function TopBar({ title, children, status }: TopBarProps) {
  const app = useApp()
  const reviewer = useStore(app.settings.store, (settings) => settings.reviewer)
  const letters = initials(reviewer)
  const whose = reviewer === '' ? 'Your name: not given yet' : `Reviewer: ${reviewer}`
  const tip = reviewer === '' ? 'Who is judging? Enter the name that reports give you' : whose
  return (
    <header className={styles['bar']}>
      <div className={styles['side']}>
        <Mark />
        {title === null ? null : (
          <div className={styles['crumb']}>
            <ActionButton
              id="session.start"
              kind="quiet"
              showKey={false}
              className={styles['back'] ?? ''}
            >
              Sessions
            </ActionButton>
            <span aria-hidden="true">/</span>
            <h1 title={title}>{title}</h1>
          </div>
        )}
      </div>
      {children}
      <div className={`${styles['side'] ?? ''} ${styles['right'] ?? ''}`}>
        {status}
        <span className={styles['wide']}>
          <ActionButton
            id="help.palette"
            kind="quiet"
            showKey={false}
            className={styles['palette'] ?? ''}
          >
            <Kbd keys="Ctrl+K" />
          </ActionButton>
        </span>
        <ActionButton
          id="help.manual"
          kind="quiet"
          showKey={false}
          className={styles['help'] ?? ''}
        >
          <Icon name="help" />
        </ActionButton>
        <Button
          kind="quiet"
          className={`${styles['who'] ?? ''} ${letters === '' ? styles['nobody'] : ''}`}
          title={tip}
          aria-label={`${whose}. Settings`}
          onClick={() => {
            app.navigation.open('settings')
          }}
        >
          {letters === '' ? (
            <>
              <Icon name="person" />
              <span className={styles['wide']}>Your name</span>
            </>
          ) : (
            letters
          )}
        </Button>
      </div>
    </header>
  )
}
