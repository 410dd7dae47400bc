import { useStore } from 'zustand'
import { computedBy } from '../../shared/explanation/provider'
import { formatBytes, formatDuration, formatRelevance } from '../../shared/format/numbers'
import { shortHash } from '../../shared/hash'
import { valueUnder } from '../../shared/review/evidence'
import { ActionButton } from '../components/ActionButton'
import { useApp, useCurrentImage } from '../components/AppContext'
import styles from './StatusBar.module.css'

export function StatusBar() {
  const app = useApp()
  const current = useCurrentImage()
  const result = useStore(app.analysis.store, (state) => state.explanation?.result)
  const model = useStore(app.sessions.store, (state) => state.session?.model)
  const total = result ? result.milliseconds.forward + result.milliseconds.explanation : null
  return (
    <footer className={styles['bar']} aria-label="Status" data-numbers>
      {model ? (
        <span title={`Model ${model.card.name} ${model.card.version}, sha256 ${model.sha256}`}>
          {model.fileName.replace(/\.onnx$/i, '')} {model.card.version} · {shortHash(model.sha256)}
        </span>
      ) : null}
      {current ? (
        <span title={`Image ${current.image.name}, sha256 ${current.image.sha256}`}>
          {current.image.name} · {shortHash(current.image.sha256)} · {current.image.width} ×{' '}
          {current.image.height} · {formatBytes(current.image.bytes)}
        </span>
      ) : null}
      <Cursor />
      <span
        className={styles['push']}
        title={
          result
            ? [
                `Prediction ${formatDuration(result.milliseconds.forward)}, explanation ${formatDuration(result.milliseconds.explanation)}`,
                ...result.notices,
              ].join('\n')
            : undefined
        }
      >
        {result && total !== null
          ? `${computedBy(result)}${result.notices.length > 0 ? ' (see note)' : ''} · ${formatDuration(total)}`
          : ''}
      </span>
      <ActionButton
        id="help.shortcuts"
        kind="quiet"
        showKey={false}
        className={styles['button'] ?? ''}
      >
        ? shortcuts
      </ActionButton>
    </footer>
  )
}

/** Draws with every move of the pointer, so it stands alone. */
function Cursor() {
  const app = useApp()
  const point = useStore(app.stage.hover, (hover) => hover.point)
  const explanation = useStore(app.analysis.store, (state) => state.explanation)
  if (!point) return <span className={styles['cursor']} />
  const relevance = explanation
    ? valueUnder({ ...explanation.map, region: explanation.result.region }, point)
    : null
  return (
    <span className={styles['cursor']} title="Image pixel and its relevance">
      x {Math.floor(point.x)} y {Math.floor(point.y)}
      {relevance === null ? '' : ` · R ${formatRelevance(relevance, { digits: 2, signed: true })}`}
    </span>
  )
}
