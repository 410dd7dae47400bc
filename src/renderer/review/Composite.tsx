import { useStore } from 'zustand'
import { compositeLines } from '../../shared/explanation/compositeWords'
import { useApp } from '../components/AppContext'
import { Button, keepFocus } from '../components/Button'
import { chooseComposite } from '../state/workflow'
import styles from './Why.module.css'

/** The rules that were read from a file: their name, one line each, and another file. */
export function Composite() {
  const app = useApp()
  const composite = useStore(app.view.store, (view) =>
    view.method === 'custom' ? view.composite : null,
  )
  if (!composite) return null
  const lines = compositeLines(composite)
  return (
    <div className={styles['composite']} role="group" aria-label="Rules from a file">
      <div className={styles['chosen']}>
        <strong title={composite.description}>{composite.name}</strong>
        <Button
          kind="quiet"
          title="Choose another file with rules"
          onMouseDown={keepFocus}
          onClick={() => void chooseComposite(app)}
        >
          Another…
        </Button>
      </div>
      <details className={styles['details']}>
        <summary onMouseDown={keepFocus}>
          {lines.length === 1 ? 'One rule' : `${lines.length} rules`}
        </summary>
        <dl className={styles['rules']} data-selectable>
          {lines.map(([layers, rule], index) => (
            <div key={index}>
              <dt>{layers}</dt>
              <dd>{rule}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}
