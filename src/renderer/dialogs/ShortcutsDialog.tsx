import { useStore } from 'zustand'
import { actions } from '../actions/registry'
import { isCharacterKey, showKeys } from '../actions/keys'
import { sections, type Action } from '../actions/types'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { Kbd } from '../components/Kbd'
import styles from './dialogs.module.css'

/** What the stage answers by itself; it is not in the registry. */
const stageKeys: readonly (readonly [string, string])[] = [
  ['Space', 'Pan while held; the middle mouse button too'],
  ['Wheel', 'Zoom at the pointer'],
  ['Shift', 'Square, circle or straight while drawing'],
  ['[ ]', 'Previous or next corner of the selected region'],
]

export function ShortcutsDialog() {
  const app = useApp()
  const letters = useStore(app.settings.store, (settings) => settings.letterShortcuts)
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={app.navigation.close}>
      {letters ? null : (
        <p className={styles['soft']}>
          Shortcuts of a single character are switched off.{' '}
          <Button
            kind="link"
            onClick={() => {
              app.navigation.open('settings')
            }}
          >
            Settings
          </Button>
        </p>
      )}
      <div className={styles['columns']}>
        {sections.map((section) => (
          <section key={section} className={styles['section']}>
            <h3>{section}</h3>
            <ul>
              {actions
                .filter((action) => action.section === section && action.keys.length > 0)
                .map((action) => (
                  <Row key={action.id} action={action} letters={letters} />
                ))}
            </ul>
          </section>
        ))}
        <section className={styles['section']}>
          <h3>On the image</h3>
          <ul>
            {stageKeys.map(([keys, words]) => (
              <li key={keys} className={styles['key']}>
                <span>{words}</span>
                <span>{keys}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  )
}

function Row({ action, letters }: { readonly action: Action; readonly letters: boolean }) {
  const off = !letters && action.keys.every(isCharacterKey)
  return (
    <li className={styles['key']}>
      <span className={off ? styles['soft'] : undefined}>{action.label.replace('…', '')}</span>
      <span>
        <span hidden>{action.keys.map((keys) => showKeys(keys)).join(' or ')}</span>
        {action.keys.map((keys) => (
          <Kbd key={keys} keys={keys} />
        ))}
      </span>
    </li>
  )
}
