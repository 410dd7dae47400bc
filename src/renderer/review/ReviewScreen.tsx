import { useCallback } from 'react'
import { useStore } from 'zustand'
import { useApp, useCurrentImage, useReviewState } from '../components/AppContext'
import { clockTime } from '../components/dates'
import { useDropTarget, type DroppedFiles } from '../components/useDropTarget'
import { StatusBar } from '../shell/StatusBar'
import { TopBar } from '../shell/TopBar'
import { addImages } from '../state/workflow'
import { ModelSays } from './ModelSays'
import { Regions } from './Regions'
import styles from './ReviewScreen.module.css'
import { Stage } from './Stage'
import { PanelButtons, Toolbar, UndoButtons } from './Toolbar'
import { ConfirmNext, VerdictPanel } from './VerdictPanel'
import { Why } from './Why'
import { Worklist } from './Worklist'

export function ReviewScreen() {
  const app = useApp()
  const name = useStore(app.sessions.store, (state) => state.session?.name ?? '')
  const left = useStore(app.settings.store, (settings) => settings.leftPanelOpen)
  const right = useStore(app.settings.store, (settings) => settings.rightPanelOpen)
  const over = useDropTarget(
    useCallback(
      ({ images }: DroppedFiles) => {
        if (images.length > 0) void addImages(app, images)
        else app.notices.tell('A session keeps its model; begin a new session for another one.')
      },
      [app],
    ),
  )
  const columns = `${styles['body'] ?? ''} ${left ? '' : styles['noLeft']} ${right ? '' : styles['noRight']}`
  return (
    <div className={styles['screen']}>
      <TopBar
        title={name}
        status={
          <>
            <UndoButtons />
            <SavedAt />
            <PanelButtons />
          </>
        }
      >
        <Toolbar />
      </TopBar>
      <div className={columns}>
        {left ? <Worklist /> : null}
        <Stage />
        {right ? (
          <aside className={styles['right']} aria-label="Review">
            <div className={styles['scroll']}>
              <ModelSays />
              <Why />
              <Regions />
            </div>
            <div className={styles['say']}>
              <VerdictPanel />
              <ConfirmNext className={styles['next']} />
            </div>
          </aside>
        ) : null}
      </div>
      <StatusBar />
      {over ? <div className={styles['over']}>Drop to add these images to the session</div> : null}
    </div>
  )
}

/** Saving is automatic; this says that it happened. */
function SavedAt() {
  const app = useApp()
  const current = useCurrentImage()
  const review = useReviewState(current?.image.id ?? null)
  const saving = useStore(app.review.store, (state) => state.saving > 0)
  const savedAt = review?.savedAt ?? null
  return (
    <span
      className={`${styles['saved'] ?? ''} ${saving ? styles['saving'] : ''}`}
      role="status"
      data-testid="saved-at"
      title="Every change is saved at once"
    >
      {saving ? 'Saving …' : savedAt === null ? 'Saved as you go' : `Saved ${clockTime(savedAt)}`}
    </span>
  )
}
