import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { AppError, type ErrorShape } from '../../shared/errors'
import type { ChannelResponse } from '../../shared/ipc/contract'
import type { ReportModel } from '../../shared/report/model'
import { newJobId } from '../api/client'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { ErrorBox } from '../components/ErrorBox'
import { PanelSection } from '../components/Panel'
import { Progress } from '../components/Progress'
import { TopBar } from '../shell/TopBar'
import { imagesOfPart, partWords, reportParts, type ReportPart } from './parts'
import { ReportPages } from './ReportPages'
import styles from './ReportScreen.module.css'

type Exported = ChannelResponse<'report.export'>

export function ReportScreen() {
  const app = useApp()
  const session = useStore(app.sessions.store, (state) => state.session)
  const current = useStore(app.sessions.store, (state) => state.imageId)
  const reviewer = useStore(app.settings.store, (settings) => settings.reviewer)
  const [part, setPart] = useState<ReportPart>('image')
  const [model, setModel] = useState<ReportModel | null>(null)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [exporting, setExporting] = useState(false)
  const [exported, setExported] = useState<Exported>(null)
  const images = session?.images
  const ids = useMemo(() => imagesOfPart(part, images ?? [], current), [part, images, current])
  const sessionId = session?.id ?? null

  useEffect(() => {
    if (sessionId === null || ids.length === 0) return
    let wanted = true
    app.review
      .settled()
      .then(() => app.api.call('report.model', { sessionId, imageIds: [...ids] }))
      .then(
        (made) => {
          if (!wanted) return
          setModel(made)
          setError(null)
        },
        (thrown: unknown) => {
          if (wanted) setError(AppError.from(thrown).toShape())
        },
      )
    return () => {
      wanted = false
    }
  }, [app, sessionId, ids, reviewer])

  async function save(): Promise<void> {
    if (sessionId === null) return
    setExporting(true)
    setExported(null)
    try {
      const jobId = newJobId()
      setExported(await app.api.call('report.export', { jobId, sessionId, imageIds: [...ids] }))
    } catch (thrown) {
      app.notices.fail(thrown)
    } finally {
      setExporting(false)
    }
  }

  return (
    <div className={styles['screen']}>
      <TopBar title={`Report: ${session?.name ?? ''}`} />
      <div className={styles['body']}>
        <main className={styles['preview']} aria-label="Preview" tabIndex={0}>
          {error ? (
            <ErrorBox error={error} />
          ) : model ? (
            <div className={styles['pages']}>
              <ReportPages model={model} />
            </div>
          ) : (
            <p className={styles['waiting']} role="status">
              The report is being put together …
            </p>
          )}
        </main>
        <aside className={styles['side']} aria-label="Report">
          <Button
            onClick={() => {
              app.navigation.go('review')
            }}
          >
            ← Back to the images
          </Button>
          <PanelSection title="Which images">
            <div className={styles['parts']} role="radiogroup" aria-label="Which images">
              {reportParts.map((value) => {
                const count = imagesOfPart(value, images ?? [], current).length
                return (
                  <label key={value} className={styles['part']}>
                    <input
                      type="radio"
                      name="part"
                      checked={part === value}
                      disabled={count === 0}
                      onChange={() => {
                        setPart(value)
                        setExported(null)
                      }}
                    />
                    {partWords[value]}
                    <span className={styles['soft']}>{count}</span>
                  </label>
                )
              })}
            </div>
          </PanelSection>
          {reviewer === '' ? (
            <p className={styles['soft']}>
              The report names no reviewer yet.{' '}
              <Button
                kind="link"
                onClick={() => {
                  app.navigation.open('settings')
                }}
              >
                Enter your name
              </Button>
            </p>
          ) : null}
          <PanelSection title="Export">
            <Button
              kind="primary"
              className={styles['export'] ?? ''}
              disabled={ids.length === 0 || exporting}
              onClick={() => void save()}
            >
              {exporting ? 'Writing …' : 'Export PDF and JSON…'}
            </Button>
            {exporting ? <Progress label="Writing the report" done={0} total={0} /> : null}
            <div role="status">
              {exported ? (
                <p className={styles['done']}>
                  <b aria-hidden="true">✓</b> Saved {exported.pdfName} and {exported.jsonName} to{' '}
                  {exported.folder} ({exported.pages} {exported.pages === 1 ? 'page' : 'pages'}).
                </p>
              ) : null}
            </div>
            <ul className={styles['list']}>
              <li>The PDF is for reading, the JSON for recomputing: both say the same.</li>
              <li>All hashes, conventions and the ledger are in both.</li>
              <li>An image that was never explained is reported without a map.</li>
            </ul>
          </PanelSection>
        </aside>
      </div>
    </div>
  )
}
