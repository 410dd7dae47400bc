import { Component, type ReactNode } from 'react'
import { AppError } from '../../shared/errors'
import { ErrorBox } from '../components/ErrorBox'
import { Button } from '../components/Button'
import styles from './Crash.module.css'

interface CrashState {
  readonly thrown: AppError | null
}

/** The last resort: a fault in drawing shows a sentence and a way on, not an empty window. */
export class Crash extends Component<{ readonly children: ReactNode }, CrashState> {
  override readonly state: CrashState = { thrown: null }

  static getDerivedStateFromError(thrown: unknown): CrashState {
    return { thrown: AppError.from(thrown) }
  }

  override render() {
    const { thrown } = this.state
    if (thrown === null) return this.props.children
    return (
      <main className={styles['screen']}>
        <div className={styles['box']}>
          <h1>This view stopped unexpectedly</h1>
          <p>Everything up to your last change is saved.</p>
          <ErrorBox error={thrown.toShape()}>
            <Button
              kind="primary"
              onClick={() => {
                window.location.reload()
              }}
            >
              Open it again
            </Button>
          </ErrorBox>
        </div>
      </main>
    )
  }
}
