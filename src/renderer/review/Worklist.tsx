import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { SessionImage } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Select } from '../components/Field'
import { Icon } from '../components/Icon'
import { Progress } from '../components/Progress'
import { Thumbnail } from '../components/Thumbnail'
import { showImage } from '../state/workflow'
import { filters, filterWords, imageState, passes, type WorklistFilter } from './imageState'
import styles from './Worklist.module.css'

/** One row with its gap, CSS pixels; rows out of sight are not drawn. */
const rowHeight = 60
const spareRows = 6
/** A shorter list is seen at once: nothing to filter. */
const fewest = 6

export function Worklist() {
  const app = useApp()
  const images = useStore(app.sessions.store, (state) => state.session?.images)
  const current = useStore(app.sessions.store, (state) => state.imageId)
  const [filter, setFilter] = useState<WorklistFilter>('all')
  const count = images?.length ?? 0
  const rows = useMemo(
    () =>
      (images ?? []).filter(
        (image) => count < fewest || passes(image, filter) || image.id === current,
      ),
    [images, filter, current, count],
  )
  const judged = (images ?? []).filter(({ decision }) => decision !== null).length
  return (
    <nav className={styles['panel']} aria-label="Worklist" data-testid="worklist">
      <h2 className={styles['head']}>
        <span>Worklist</span>
        <span aria-label={`${judged} of ${count} judged`} role="img" data-numbers>
          {judged} / {count}
        </span>
      </h2>
      <div className={styles['bar']}>
        <Progress label={`${judged} of ${count} judged`} done={judged} total={Math.max(1, count)} />
      </div>
      {count < fewest ? null : (
        <Select
          className={styles['filter'] ?? ''}
          aria-label="Which images to list"
          value={filter}
          onValue={(value) => {
            setFilter(filters.find((known) => known === value) ?? 'all')
          }}
        >
          {filters.map((value) => (
            <option key={value} value={value}>
              {filterWords[value]}
            </option>
          ))}
        </Select>
      )}
      <Rows rows={rows} />
    </nav>
  )
}

function RegionCount({ count }: { readonly count: number }) {
  const words = count === 1 ? '1 region' : `${count} regions`
  return (
    <span className={styles['count']} role="img" aria-label={words} title={words}>
      {count} <Icon name="region" />
    </span>
  )
}

function Rows({ rows }: { readonly rows: readonly SessionImage[] }) {
  const app = useApp()
  const current = useStore(app.sessions.store, (state) => state.imageId)
  const list = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ from: 0, to: 40 })
  const index = rows.findIndex(({ id }) => id === current)

  function measure(): void {
    const element = list.current
    if (!element) return
    const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spareRows)
    const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spareRows
    setSight((before) => (before.from === from && before.to === to ? before : { from, to }))
  }

  useEffect(() => {
    const element = list.current
    if (!element) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [])

  // The image in review stays in sight, whoever moved on to it.
  useEffect(() => {
    const element = list.current
    if (!element || index < 0) return
    const top = index * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight
    }
  }, [index])

  function show(row: number): void {
    const image = rows[Math.min(rows.length - 1, Math.max(0, row))]
    if (image) showImage(app, image.id)
  }

  return (
    <div
      ref={list}
      className={styles['list']}
      role="listbox"
      aria-label="Images"
      aria-activedescendant={index >= 0 ? `case-${current ?? ''}` : undefined}
      tabIndex={0}
      onScroll={measure}
      onKeyDown={(event) => {
        const steps: Readonly<Record<string, number>> = {
          ArrowDown: index + 1,
          ArrowUp: index - 1,
          Home: 0,
          End: rows.length - 1,
        }
        const row = steps[event.key]
        if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) return
        event.preventDefault()
        show(row)
      }}
    >
      {rows.length === 0 ? <p className={styles['none']}>No image is like that.</p> : null}
      <div
        className={styles['space']}
        role="presentation"
        style={{ height: rows.length * rowHeight }}
      >
        {rows.slice(sight.from, sight.to).map((image, offset) => {
          const row = sight.from + offset
          const state = imageState(image, image.id === current)
          return (
            <div
              key={image.id}
              id={`case-${image.id}`}
              role="option"
              aria-selected={image.id === current}
              aria-setsize={rows.length}
              aria-posinset={row + 1}
              className={styles['case']}
              style={{ top: row * rowHeight }}
              title={image.name}
              onClick={() => {
                showImage(app, image.id)
              }}
            >
              <Thumbnail id={image.id} className={styles['thumb']} />
              <div className={styles['name']}>
                <div className={styles['name']}>{image.name.replace(/\.[a-z]+$/i, '')}</div>
                {image.available ? (
                  <div className={`${styles['state'] ?? ''} ${styles[state.tone] ?? ''}`}>
                    <span>
                      {state.sign} {state.word}
                    </span>
                    {image.regionCount > 0 ? <RegionCount count={image.regionCount} /> : null}
                  </div>
                ) : (
                  <div className={`${styles['state'] ?? ''} ${styles['gone'] ?? ''}`}>
                    ! file not found
                  </div>
                )}
              </div>
            </div>
          )
        })}
      </div>
    </div>
  )
}
