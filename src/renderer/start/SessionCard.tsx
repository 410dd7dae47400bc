import type { SessionSummary } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Icon } from '../components/Icon'
import { Progress } from '../components/Progress'
import { Thumbnail } from '../components/Thumbnail'
import { openSession } from '../state/workflow'
import { shortDate } from '../components/dates'
import styles from './SessionCard.module.css'

export interface SessionCardProps {
  readonly summary: SessionSummary
  readonly onRename: () => void
  readonly onRemove: () => void
}

/** `5 of 13 judged` */
export function judgedText({ judgedCount, imageCount }: SessionSummary): string {
  if (imageCount === 0) return 'no images yet'
  if (judgedCount === imageCount) return imageCount === 1 ? 'judged' : `all ${imageCount} judged`
  return `${judgedCount} of ${imageCount} judged`
}

export function SessionCard({ summary, onRename, onRemove }: SessionCardProps) {
  const app = useApp()
  const { id, name, modelName, preview, judgedCount, imageCount, updatedAt, sample } = summary
  const progress = judgedText(summary)
  return (
    <li className={styles['card']}>
      <div className={styles['pictures']} aria-hidden="true">
        {preview.slice(0, 2).map((imageId) => (
          <Thumbnail key={imageId} id={imageId} className={styles['picture']} />
        ))}
        {preview.length === 0 ? <span className={styles['none']}>No images yet</span> : null}
      </div>
      {sample ? <span className={styles['badge']}>sample</span> : null}
      <div className={styles['words']}>
        <h2>
          <button
            type="button"
            className={styles['open']}
            title={name}
            onClick={() => void openSession(app, id)}
          >
            {name}
          </button>
        </h2>
        <p className={styles['model']} title={modelName}>
          {modelName}
        </p>
        <div className={styles['progress']}>
          <Progress
            label={`${name}: ${progress}`}
            done={judgedCount}
            total={Math.max(1, imageCount)}
          />
        </div>
        <div className={styles['foot']}>
          <span className={styles['meta']}>
            {progress} · {shortDate(updatedAt)}
          </span>
          <Button kind="icon" aria-label={`Rename ${name}`} title="Rename" onClick={onRename}>
            <Icon name="edit" />
          </Button>
          <Button kind="icon" aria-label={`Delete ${name}`} title="Delete" onClick={onRemove}>
            <Icon name="trash" />
          </Button>
        </div>
      </div>
    </li>
  )
}
