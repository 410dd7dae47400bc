import { useStore } from 'zustand'
import { formatBytes } from '../../shared/format/numbers'
import type { ChosenFile } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Icon } from '../components/Icon'
import styles from './NewSessionScreen.module.css'

/** A longer list is counted, not drawn. */
const mostRows = 300

export function ImagesColumn() {
  const app = useApp()
  const images = useStore(app.draft.store, (draft) => draft.images)
  const card = useStore(app.draft.store, (draft) => draft.card)
  const total = images.reduce((sum, { bytes }) => sum + bytes, 0)

  function choose(channel: 'files.chooseImages' | 'files.chooseFolder'): void {
    app.api.call(channel, undefined).then(app.draft.addImages).catch(app.notices.fail)
  }

  const buttons = (
    <div className={styles['row']}>
      <Button
        kind={images.length === 0 && card !== null ? 'primary' : 'plain'}
        onClick={() => {
          choose('files.chooseImages')
        }}
      >
        Choose images…
      </Button>
      <Button
        onClick={() => {
          choose('files.chooseFolder')
        }}
      >
        Choose a folder…
      </Button>
      {images.length > 0 ? (
        <Button kind="quiet" onClick={app.draft.clearImages}>
          Remove all
        </Button>
      ) : null}
    </div>
  )

  return (
    <section className={styles['column']} aria-labelledby="new-images" tabIndex={-1}>
      <h2 id="new-images">
        <span aria-hidden="true">2</span> Images
      </h2>
      {images.length === 0 ? (
        <div className={styles['drop']}>
          <p>
            The images to judge: PNG or JPEG files, or every image in a folder. Drop them anywhere
            on this window. The files stay where they are and are never changed.
          </p>
          {buttons}
        </div>
      ) : (
        <>
          {buttons}
          <p className={styles['soft']} role="status">
            {images.length === 1 ? 'One image' : `${images.length} images`}, {formatBytes(total)}
          </p>
          <ul className={styles['files']} aria-label="Chosen images">
            {images.slice(0, mostRows).map((file) => (
              <FileRow key={file.token} file={file} />
            ))}
          </ul>
          {images.length > mostRows ? (
            <p className={styles['soft']}>… and {images.length - mostRows} more.</p>
          ) : null}
        </>
      )}
    </section>
  )
}

function FileRow({ file }: { readonly file: ChosenFile }) {
  const app = useApp()
  return (
    <li className={styles['file']}>
      <span title={file.name}>{file.name}</span>
      <span className={styles['soft']}>{formatBytes(file.bytes)}</span>
      <Button
        kind="icon"
        aria-label={`Remove ${file.name}`}
        title="Remove from the list"
        onClick={() => {
          app.draft.removeImage(file.token)
        }}
      >
        <Icon name="close" />
      </Button>
    </li>
  )
}
