import { useStore } from 'zustand'
import { keepsLedger } from '../../shared/explanation/method'
import { noLedgerSentence } from '../../shared/explanation/noLedger'
import { perform } from '../actions/keyboard'
import { useAction, useApp } from '../components/AppContext'
import { Button, keepFocus } from '../components/Button'
import { ErrorBox } from '../components/ErrorBox'
import { Progress } from '../components/Progress'
import { explain, takeGradientThere } from '../state/workflow'
import styles from './JobLine.module.css'
import { ledgerSentence } from './ledgerWords'

/** Where the explanation's account appears: first its progress, then whether it adds up. */
export function JobLine() {
  const app = useApp()
  const { job, error, cancelled, explanation } = useStore(app.analysis.store)
  const mayTakeGradient = useStore(
    app.view.store,
    ({ missing, method }) => missing === 'refuse' && keepsLedger(method),
  )
  if (error !== null) {
    return (
      <ErrorBox error={error}>
        {explanation ? <p className={styles['before']}>The map shown is the one before.</p> : null}
        {error.code === 'unsupported-operator' && mayTakeGradient ? (
          <Button
            kind="primary"
            title="Everywhere else the rules stay as they are; the map says where the gradient stood in"
            onClick={() => {
              takeGradientThere(app)
            }}
          >
            Use the gradient there
          </Button>
        ) : null}
        <Button
          onClick={() => {
            explain(app)
          }}
        >
          Try again
        </Button>
      </ErrorBox>
    )
  }
  return (
    <div className={styles['line']}>
      {job !== null ? (
        <div className={styles['job']}>
          <span role="status">
            {job.progress.stage}
            {job.progress.total > 0 ? `, ${job.progress.done} of ${job.progress.total}` : ' …'}
          </span>
          <span className={styles['wide']}>
            <Progress
              label={job.progress.stage}
              done={job.progress.done}
              total={job.progress.total}
            />
          </span>
          <Button className={styles['cancel'] ?? ''} onClick={app.analysis.cancel}>
            Cancel
          </Button>
        </div>
      ) : cancelled ? (
        <div className={styles['job']}>
          <span role="status">
            Stopped.{' '}
            {explanation ? (
              <span className={styles['soft']}>The map shown is the one before.</span>
            ) : null}
          </span>
          <Button
            className={styles['cancel'] ?? ''}
            onClick={() => {
              explain(app)
            }}
          >
            Explain
          </Button>
        </div>
      ) : (
        <LedgerLine />
      )}
    </div>
  )
}

function LedgerLine() {
  const app = useApp()
  const explanation = useStore(app.analysis.store, (state) => state.explanation)
  const { action } = useAction('ledger.open')
  if (!explanation) return null
  const { ledger } = explanation.result
  const open = () => {
    perform(app, action)
  }
  if (ledger === null) {
    return (
      <button
        type="button"
        className={styles['plain']}
        data-testid="ledger-line"
        onMouseDown={keepFocus}
        onClick={open}
      >
        <b aria-hidden="true">–</b>
        <span>
          {noLedgerSentence(explanation.result)} · <span className={styles['link']}>details</span>
        </span>
      </button>
    )
  }
  return (
    <button
      type="button"
      className={ledger.balanced ? styles['ok'] : styles['off']}
      data-testid="ledger-line"
      title="What every layer was given, passed on and kept (G)"
      onMouseDown={keepFocus}
      onClick={open}
    >
      <b aria-hidden="true">{ledger.balanced ? '✓' : '!'}</b>
      <span>
        {ledgerSentence(ledger)} · <span className={styles['link']}>ledger</span>
      </span>
    </button>
  )
}
