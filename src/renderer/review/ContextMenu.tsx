import { useEffect, useRef, type KeyboardEvent } from 'react'
import { actionById, labelNow } from '../actions/registry'
import { snapshot } from '../actions/snapshot'
import type { Action } from '../actions/types'
import { useApp } from '../components/AppContext'
import { Kbd } from '../components/Kbd'
import styles from './ContextMenu.module.css'

export interface MenuPlace {
  /** CSS pixels from the window's upper left corner. */
  readonly x: number
  readonly y: number
  readonly onRegion: boolean
}

const regionItems = ['region.describe', 'region.delete']
const imageItems = [
  'view.fit',
  'view.actualSize',
  'heatmap.toggle',
  'regions.toggle',
  'explain.whole',
  'edit.undo',
  'edit.redo',
]

/** Kept this far from the window's edges, CSS pixels. */
const margin = 8

/** What can be done here, from the same registry as everything else. */
export function ContextMenu({
  place,
  onClose,
}: {
  readonly place: MenuPlace
  readonly onClose: () => void
}) {
  const app = useApp()
  const menu = useRef<HTMLDivElement>(null)
  const state = snapshot(app)
  const items = [...(place.onRegion ? regionItems : []), ...imageItems]
    .map(actionById)
    .filter((action): action is Action => action?.enabled(state) ?? false)

  useEffect(() => {
    const element = menu.current
    if (!element) return
    const { width, height } = element.getBoundingClientRect()
    element.style.left = `${Math.max(margin, Math.min(place.x, innerWidth - width - margin))}px`
    element.style.top = `${Math.max(margin, Math.min(place.y, innerHeight - height - margin))}px`
    element.querySelector<HTMLElement>('button')?.focus()
    function outside(event: Event): void {
      if (event.target instanceof Node && !menu.current?.contains(event.target)) onClose()
    }
    window.addEventListener('pointerdown', outside, true)
    window.addEventListener('blur', onClose)
    return () => {
      window.removeEventListener('pointerdown', outside, true)
      window.removeEventListener('blur', onClose)
    }
  }, [place, onClose])

  function leave(): void {
    onClose()
    app.stage.controller.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    const index = buttons.findIndex((button) => button === document.activeElement)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (index + 1) % buttons.length,
      ArrowUp: (index - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }
    const next = steps[event.key]
    if (next !== undefined) buttons[next]?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') leave()
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={menu}
      className={styles['menu']}
      role="menu"
      aria-label={place.onRegion ? 'Region' : 'Image'}
      onKeyDown={onKeyDown}
    >
      {items.map((action) => (
        <button
          key={action.id}
          type="button"
          role="menuitem"
          className={styles['item']}
          onClick={() => {
            leave()
            action.perform(app)
          }}
        >
          <span>{labelNow(action, state)}</span>
          {action.keys[0] === undefined ? null : <Kbd keys={action.keys[0]} />}
        </button>
      ))}
    </div>
  )
}
