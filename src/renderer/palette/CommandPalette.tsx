import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { SessionSummary } from '../../shared/session'
import { actions, labelNow } from '../actions/registry'
import { snapshot } from '../actions/snapshot'
import { useApp } from '../components/AppContext'
import { Kbd } from '../components/Kbd'
import type { App } from '../state/app'
import { openSession, showImage } from '../state/workflow'
import styles from './CommandPalette.module.css'
import { fuzzyFilter } from './fuzzy'

interface Entry {
  readonly id: string
  readonly label: string
  readonly section: string
  readonly keys: string | null
  readonly run: () => void
}

const mostShown = 60

function entriesOf(app: App, summaries: readonly SessionSummary[] | null): readonly Entry[] {
  const state = snapshot(app)
  const possible = actions
    .filter((action) => action.keyboardOnly !== true && action.id !== 'help.palette')
    .filter((action) => action.enabled(state))
    .map((action) => ({
      id: action.id,
      label: labelNow(action, state),
      section: action.section,
      keys: action.keys[0] ?? null,
      run: () => {
        action.perform(app)
      },
    }))
  const images = (state.session?.images ?? []).map((image) => ({
    id: `image-${image.id}`,
    label: image.name,
    section: 'Image',
    keys: null,
    run: () => {
      app.navigation.go('review')
      showImage(app, image.id)
    },
  }))
  const sessions = (summaries ?? [])
    .filter(({ id }) => id !== state.session?.id || state.navigation.screen === 'start')
    .map((summary) => ({
      id: `session-${summary.id}`,
      label: summary.name,
      section: 'Session',
      keys: null,
      run: () => void openSession(app, summary.id),
    }))
  return [...possible, ...images, ...sessions]
}

export function CommandPalette() {
  const app = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const summaries = useStore(app.sessions.store, (state) => state.summaries)
  // Read once when it opens: what is possible does not change under the palette.
  const entries = useMemo(() => entriesOf(app, summaries), [app, summaries])
  const found = fuzzyFilter(query, entries, ({ label, section }) => `${label} ${section}`).slice(
    0,
    mostShown,
  )
  const index = Math.min(chosen, found.length - 1)

  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [index, query])

  function run(entry: Entry | undefined): void {
    if (!entry) return
    app.navigation.close()
    // After the dialog has given the focus back.
    setTimeout(entry.run, 0)
  }

  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault()
        app.navigation.close()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) app.navigation.close()
      }}
    >
      <input
        type="text"
        className={styles['query']}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-label="Search for a command, an image or a session"
        aria-activedescendant={found[index] ? `palette-${found[index].id}` : undefined}
        placeholder="A command, an image or a session …"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setChosen(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, index + 1))
          else if (event.key === 'ArrowUp') setChosen(Math.max(0, index - 1))
          else if (event.key === 'Enter') run(found[index])
          else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
            app.navigation.close()
          } else return
          event.preventDefault()
        }}
      />
      <div
        ref={list}
        id="palette-list"
        className={styles['list']}
        role="listbox"
        aria-label="Commands"
      >
        {found.length === 0 ? <p className={styles['none']}>Nothing is called that.</p> : null}
        {found.map((entry, place) => (
          <div
            key={entry.id}
            id={`palette-${entry.id}`}
            role="option"
            aria-selected={place === index}
            className={styles['item']}
            onMouseMove={() => {
              setChosen(place)
            }}
            onClick={() => {
              run(entry)
            }}
          >
            <span className={styles['label']}>{entry.label}</span>
            <span className={styles['section']}>{entry.section}</span>
            {entry.keys === null ? <span /> : <Kbd keys={entry.keys} />}
          </div>
        ))}
      </div>
    </dialog>
  )
}
