import { useStore } from 'zustand'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { Progress } from '../components/Progress'
import styles from './dialogs.module.css'

/** First the import's progress, then what it could not read. */
export function AddImagesDialog() {
  const app = useApp()
  const { importing, refused } = useStore(app.sessions.store)
  function close(): void {
    if (importing) app.sessions.cancelImport()
    app.sessions.clearRefused()
    app.navigation.close()
  }
  if (importing) {
    const { stage, done, total } = importing.progress
    return (
      <Dialog
        title="Adding images"
        onClose={close}
        footer={<Button onClick={app.sessions.cancelImport}>Cancel</Button>}
      >
        <div className={styles['grid']}>
          <p role="status">
            {stage}, {done} of {importing.count}
          </p>
          <Progress label="Import" done={done} total={total} />
        </div>
      </Dialog>
    )
  }
  if (refused.length === 0) return null
  return (
    <Dialog
      title={
        refused.length === 1 ? 'One file was left out' : `${refused.length} files were left out`
      }
      onClose={close}
      footer={
        <Button kind="primary" onClick={close}>
          Go on with the others
        </Button>
      }
    >
      <ul className={styles['refused']} data-selectable>
        {refused.map(({ name, error }, index) => (
          <li key={`${name}-${index}`}>
            <strong>{name}</strong>
            {error.message} <span className={styles['soft']}>{error.hint}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
