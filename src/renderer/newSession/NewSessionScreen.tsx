import { useCallback, useEffect } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { TextInput } from '../components/Field'
import { Progress } from '../components/Progress'
import { useDropTarget, type DroppedFiles } from '../components/useDropTarget'
import { TopBar } from '../shell/TopBar'
import { canBeExplained, proposedName, whatIsMissing, type DraftState } from '../state/draft'
import { createSession } from '../state/workflow'
import { ImagesColumn } from './ImagesColumn'
import { ModelColumn } from './ModelColumn'
import styles from './NewSessionScreen.module.css'

/** What is still to do, or what pressing the button will do, in one sentence. */
export function whatWillHappen(draft: DraftState): string {
  const { card, inspection, inspecting } = draft
  const missing = whatIsMissing(draft)
  const count = draft.images.length
  if (!inspection && !inspecting) {
    return count === 0
      ? 'Choose a model, then the images it is to judge; the files stay where they are.'
      : `Choose the model that is to judge ${count === 1 ? 'this image' : `these ${count} images`}.`
  }
  if (card && count === 0) return `Now choose the images that “${card.name}” is to judge.`
  if (missing !== null || !card) {
    return canBeExplained(draft)
      ? 'Confirm at the left how the model sees images.'
      : (missing ?? '')
  }
  const images = count === 1 ? 'One image is' : `${count} images are`
  const way =
    card.fit === 'tile'
      ? `seen by “${card.name}” in tiles of ${card.input.width} × ${card.input.height} pixels`
      : `resized to ${card.input.width} × ${card.input.height} pixels for “${card.name}”`
  return `${images} listed and, once opened, ${way}; nothing leaves this computer.`
}

export function NewSessionScreen() {
  const app = useApp()
  const draft = useStore(app.draft.store)
  const importing = useStore(app.sessions.store, (state) => state.importing)
  useEffect(() => {
    app.draft.loadSamples().catch(app.notices.fail)
  }, [app])
  const over = useDropTarget(
    useCallback(
      ({ models, images }: DroppedFiles) => {
        app.draft.addImages(images)
        const model = models[0]
        if (model) void app.draft.chooseModel(model)
      },
      [app],
    ),
  )
  const proposal = proposedName(draft, new Date())
  const missing = whatIsMissing(draft)
  function start(): void {
    if (draft.name.trim() === '') app.draft.rename(proposal)
    void createSession(app)
  }
  return (
    <div className={styles['screen']}>
      <TopBar title="New session" />
      <main className={styles['main']}>
        <ModelColumn />
        <ImagesColumn />
      </main>
      <footer className={styles['foot']}>
        {importing === null ? (
          <>
            <label className={styles['name']}>
              <span className={styles['soft']}>Name</span>
              <TextInput
                value={draft.name}
                placeholder={proposal}
                maxLength={200}
                onValue={app.draft.rename}
              />
            </label>
            <p className={styles['sentence']} role="status">
              {whatWillHappen(draft)}
            </p>
            <Button kind="primary" disabled={missing !== null} onClick={start}>
              Begin the session
            </Button>
          </>
        ) : (
          <>
            <div className={styles['job']}>
              <p role="status">
                {importing.progress.stage}, {importing.progress.done} of {importing.count}
              </p>
              <Progress
                label="Import"
                done={importing.progress.done}
                total={importing.progress.total}
              />
            </div>
            <Button onClick={app.sessions.cancelImport}>Cancel</Button>
          </>
        )}
      </footer>
      {over ? <div className={styles['over']}>Drop models and images here</div> : null}
    </div>
  )
}
