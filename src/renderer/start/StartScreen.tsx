import { useCallback, useState } from 'react'
import { useStore } from 'zustand'
import type { SessionSummary } from '../../shared/session'
import { ActionButton } from '../components/ActionButton'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { useDropTarget, type DroppedFiles } from '../components/useDropTarget'
import { TopBar } from '../shell/TopBar'
import { openSession } from '../state/workflow'
import { RemoveDialog, RenameDialog } from './sessionDialogs'
import { SessionCard } from './SessionCard'
import styles from './StartScreen.module.css'

type Asked = { readonly kind: 'rename' | 'remove'; readonly summary: SessionSummary }

export function StartScreen() {
  const app = useApp()
  const summaries = useStore(app.sessions.store, (state) => state.summaries)
  const [asked, setAsked] = useState<Asked | null>(null)
  const over = useDropTarget(
    useCallback(
      ({ models, images }: DroppedFiles) => {
        app.draft.addImages(images)
        const model = models[0]
        if (model) void app.draft.chooseModel(model)
        app.navigation.go('new-session')
      },
      [app],
    ),
  )
  const sample = summaries?.find((summary) => summary.sample)
  return (
    <div className={styles['screen']}>
      <TopBar title={null} />
      <main className={styles['main']}>
        <div className={styles['inner']}>
          <div className={styles['head']}>
            <h1>Sessions</h1>
            {sample ? (
              <Button onClick={() => void openSession(app, sample.id)}>Open the sample</Button>
            ) : null}
            {summaries?.length === 0 ? null : (
              <ActionButton id="session.new" kind="primary" onAccent />
            )}
          </div>
          {summaries === null ? (
            <div className={styles['grid']} aria-busy="true" aria-label="Sessions are being read">
              <div className={styles['waiting']} />
              <div className={styles['waiting']} />
            </div>
          ) : summaries.length === 0 ? (
            <section className={styles['empty']}>
              <h2>Nothing here yet</h2>
              <p>
                A session holds one model and the images that you judge with it. Choose an ONNX
                classifier and some images, or drop them anywhere on this window.
              </p>
              <div className={styles['row']}>
                <ActionButton id="session.new" kind="primary" onAccent />
              </div>
            </section>
          ) : (
            <ul className={styles['grid']} aria-label="Recent sessions">
              {summaries.map((summary) => (
                <SessionCard
                  key={summary.id}
                  summary={summary}
                  onRename={() => {
                    setAsked({ kind: 'rename', summary })
                  }}
                  onRemove={() => {
                    setAsked({ kind: 'remove', summary })
                  }}
                />
              ))}
              <li className={styles['new']}>
                <p>Drop a model or images anywhere on this window, or</p>
                <ActionButton id="session.new" showKey={false}>
                  Begin a new session…
                </ActionButton>
              </li>
            </ul>
          )}
        </div>
      </main>
      {over ? (
        <div className={styles['over']}>Drop to begin a new session with these files</div>
      ) : null}
      {asked?.kind === 'rename' ? (
        <RenameDialog
          summary={asked.summary}
          onClose={() => {
            setAsked(null)
          }}
        />
      ) : null}
      {asked?.kind === 'remove' ? (
        <RemoveDialog
          summary={asked.summary}
          onClose={() => {
            setAsked(null)
          }}
        />
      ) : null}
    </div>
  )
}
