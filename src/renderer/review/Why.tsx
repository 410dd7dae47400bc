import { useStore } from 'zustand'
import type { Target } from '../../shared/explanation/method'
import { useApp, useCurrentImage } from '../components/AppContext'
import { Button, keepFocus } from '../components/Button'
import { Select } from '../components/Field'
import { PanelSection } from '../components/Panel'
import { explain, setScope } from '../state/workflow'
import { JobLine } from './JobLine'
import { MethodChoice } from './MethodChoice'
import { Parameters } from './Parameters'
import styles from './Why.module.css'

/** Beyond this a list of all classes is no longer a list. */
const mostClasses = 1000

export function Why() {
  const app = useApp()
  const current = useCurrentImage()
  const view = useStore(app.view.store)
  const scope = useStore(app.stage.store, (stage) => stage.scope)
  const picking = useStore(app.stage.store, (stage) => stage.tool === 'tile')
  const prediction = useStore(app.analysis.store, (state) => state.prediction)
  if (!current) return null
  const { card } = current.session.model
  const { target } = view
  const top = prediction?.top[0]
  const explained = target.kind === 'top' ? (top?.index ?? null) : target.index
  const labels = card.labels.slice(0, mostClasses)

  function ask(next: Target): void {
    app.view.set({ target: next })
    explain(app)
  }

  function chooseClass(value: string): void {
    if (value === 'top') {
      ask({ kind: 'top' })
      return
    }
    const index = Number(value)
    const contrast = target.kind === 'contrast' && target.against !== index
    ask(contrast ? { ...target, index } : { kind: 'class', index })
  }

  function chooseAgainst(value: string): void {
    if (explained === null) return
    if (value !== '') ask({ kind: 'contrast', index: explained, against: Number(value) })
    else ask(explained === top?.index ? { kind: 'top' } : { kind: 'class', index: explained })
  }

  return (
    <PanelSection title="Why">
      <div className={styles['two']}>
        <Select
          aria-label="Which class to explain"
          title="Which class to explain"
          value={target.kind === 'top' ? 'top' : String(target.index)}
          onValue={chooseClass}
        >
          <option value="top">Why {top?.label ?? 'the top class'}</option>
          {labels.map((label, index) => (
            <option key={index} value={index}>
              Why {label}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Which class to hold against it"
          title="Why this class and not another: explains the difference of their logits"
          value={target.kind === 'contrast' ? String(target.against) : ''}
          disabled={explained === null || labels.length < 2}
          onValue={chooseAgainst}
        >
          <option value="">not …</option>
          {labels.map((label, index) =>
            index === explained ? null : (
              <option key={index} value={index}>
                not {label}
              </option>
            ),
          )}
        </Select>
      </div>
      <MethodChoice />
      <Parameters />
      {card.fit === 'tile' ? (
        <div className={styles['switch']} role="group" aria-label="What is explained">
          <Button
            kind="quiet"
            aria-pressed={scope.kind === 'whole'}
            title="Every tile of the image, averaged into one map (W)"
            onMouseDown={keepFocus}
            onClick={() => {
              setScope(app, { kind: 'whole' })
            }}
          >
            Whole image
          </Button>
          <Button
            kind="quiet"
            aria-pressed={scope.kind === 'tile'}
            data-picking={picking || undefined}
            title={
              picking
                ? 'Click on the image: the tile there is explained (Esc leaves)'
                : 'Pick one tile of the image by a click, and explain it alone (T)'
            }
            onMouseDown={keepFocus}
            onClick={() => {
              app.stage.store.setState({ tool: 'tile' })
            }}
          >
            {scope.kind === 'tile'
              ? `Tile at ${scope.x}, ${scope.y}`
              : picking
                ? 'Click on the image'
                : 'One tile'}
          </Button>
        </div>
      ) : null}
      <JobLine />
    </PanelSection>
  )
}
