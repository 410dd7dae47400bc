import { useStore } from 'zustand'
import { formatProbability, formatRelevance } from '../../shared/format/numbers'
import type { ClassScore, Prediction } from '../../shared/explanation/result'
import { useApp, useCurrentImage } from '../components/AppContext'
import { keepFocus } from '../components/Button'
import { PanelSection } from '../components/Panel'
import { explain } from '../state/workflow'
import styles from './ModelSays.module.css'

const mostRows = 5

/** `mean of 841 tiles`, `tile at 128, 64` */
function scopeText(prediction: Prediction): string {
  const { scope, tiling } = prediction
  if (scope.kind === 'tile') return `tile at ${scope.x}, ${scope.y}`
  return tiling === null ? '' : `mean of ${tiling.count} tiles`
}

export function ModelSays() {
  const app = useApp()
  const current = useCurrentImage()
  const prediction = useStore(app.analysis.store, (state) => state.prediction)
  const predicting = useStore(app.analysis.store, (state) => state.job?.kind === 'predict')
  const target = useStore(app.view.store, (view) => view.target)
  if (!current) return null
  const rowCount = Math.min(mostRows, current.session.model.card.labels.length)
  const topIndex = prediction?.top[0]?.index ?? null
  const explained = target.kind === 'top' ? topIndex : target.index
  const against = target.kind === 'contrast' ? target.against : null

  function choose({ index }: ClassScore): void {
    app.view.set({ target: index === topIndex ? { kind: 'top' } : { kind: 'class', index } })
    explain(app)
  }

  return (
    <PanelSection title="The model says" aside={prediction ? scopeText(prediction) : undefined}>
      <div
        className={`${styles['rows'] ?? ''} ${predicting && prediction ? styles['stale'] : ''}`}
        role="group"
        aria-label="Classes by probability; choosing one explains it"
        aria-busy={prediction === null}
      >
        {prediction
          ? prediction.top.map((score, place) => (
              <button
                key={score.index}
                type="button"
                className={[
                  styles['row'],
                  place === 0 ? styles['top'] : '',
                  score.index === explained ? styles['explained'] : '',
                  score.index === against ? styles['against'] : '',
                ].join(' ')}
                aria-pressed={score.index === explained}
                title={`${score.label}: probability ${formatProbability(score.probability)}, logit ${formatRelevance(score.logit, { digits: 3 })}. Click to explain this class.`}
                onMouseDown={keepFocus}
                onClick={() => {
                  choose(score)
                }}
              >
                <span className={styles['name']}>
                  {score.label}
                  {score.index === explained && place > 0 ? (
                    <span className={styles['mark']}> · explained</span>
                  ) : null}
                  {score.index === against ? (
                    <span className={styles['mark']}> · held against it</span>
                  ) : null}
                </span>
                <span className={styles['number']} data-numbers>
                  {formatProbability(score.probability)}
                </span>
                <span className={styles['bar']}>
                  <span
                    className={styles['fill']}
                    style={{ display: 'block', width: `${score.probability * 100}%` }}
                  />
                </span>
              </button>
            ))
          : Array.from({ length: rowCount }, (_, place) => (
              <div key={place} className={styles['row']}>
                <span className={styles['soft']}>{place === 0 && predicting ? '…' : '\u00a0'}</span>
                <span />
                <span className={styles['bar']} />
              </div>
            ))}
      </div>
    </PanelSection>
  )
}
