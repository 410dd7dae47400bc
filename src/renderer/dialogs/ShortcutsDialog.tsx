import { useStore } from 'zustand'
import { actions } from '../actions/registry'
import { isCharacterKey, showKeys } from '../actions/keys'
import { sections, type Section } from '../actions/types'
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
              {rowsOf(section).map((row) => (
                <Row key={row.words} row={row} letters={letters} />
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
                <span>
                  <span hidden>{keys}</span>
                  {keys.split(' ').map((key) => (
                    <Kbd key={key} keys={key} />
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  )
}

interface ShortcutRow {
  readonly words: string
  readonly keys: readonly string[]
}

/** An action a row; the four that the arrow keys share are one. */
function rowsOf(section: Section): readonly ShortcutRow[] {
  const rows = actions
    .filter((action) => action.section === section && action.keys.length > 0)
    .map(({ label, keys, arrows }) =>
      arrows === undefined
        ? { words: label.replace('…', ''), keys }
        : { words: arrows, keys: keys.map((key) => key.replace(/Arrow\w+$/, '← → ↑ ↓')) },
    )
  return rows.filter(({ words }, index) => rows.findIndex((row) => row.words === words) === index)
}

function Row({ row, letters }: { readonly row: ShortcutRow; readonly letters: boolean }) {
  const { words, keys } = row
  const off = !letters && keys.every(isCharacterKey)
  return (
    <li className={styles['key']}>
      <span className={off ? styles['soft'] : undefined}>{words}</span>
      <span>
        <span hidden>{keys.map((key) => showKeys(key)).join(' or ')}</span>
        {keys.map((key) => (
          <Kbd key={key} keys={key} />
        ))}
      </span>
    </li>
  )
}
