import { showKeys } from '../actions/keys'
import { actions } from '../actions/registry'
import { ActionButton } from '../components/ActionButton'
import { useCurrentImage } from '../components/AppContext'
import { Icon } from '../components/Icon'
import styles from './ReviewScreen.module.css'

const tools = actions.filter(({ section }) => section === 'Tools')

export function Toolbar() {
  const current = useCurrentImage()
  const tiles = current?.session.model.card.fit === 'tile'
  return (
    <div className={styles['tools']} role="toolbar" aria-label="Tools">
      {tools.map(({ id, short, label, keys }) =>
        id === 'tool.tile' && !tiles ? null : (
          <ActionButton
            key={id}
            id={id}
            kind="quiet"
            showKey={false}
            className={styles['tool'] ?? ''}
          >
            {short ?? label}
            <small aria-hidden="true">{showKeys(keys[0] ?? '')}</small>
          </ActionButton>
        ),
      )}
    </div>
  )
}

export function UndoButtons() {
  return (
    <div className={styles['pair']}>
      <ActionButton id="edit.undo" kind="quiet" showKey={false} className={styles['icon'] ?? ''}>
        <Icon name="undo" />
      </ActionButton>
      <ActionButton id="edit.redo" kind="quiet" showKey={false} className={styles['icon'] ?? ''}>
        <Icon name="redo" />
      </ActionButton>
    </div>
  )
}

export function PanelButtons() {
  return (
    <div className={styles['pair']}>
      <ActionButton id="panel.left" kind="quiet" showKey={false} className={styles['icon'] ?? ''}>
        <Icon name="panelLeft" />
      </ActionButton>
      <ActionButton id="panel.right" kind="quiet" showKey={false} className={styles['icon'] ?? ''}>
        <Icon name="panelRight" />
      </ActionButton>
    </div>
  )
}
