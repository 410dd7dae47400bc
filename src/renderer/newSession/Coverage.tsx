import type { Coverage as CoverageData, NodeTreatment } from '../../shared/explanation/coverage'
import type { MissingRule } from '../../shared/explanation/method'
import type { ModelInspection } from '../../shared/session'
import { Button } from '../components/Button'
import styles from './Coverage.module.css'
import { CoverageTable } from './CoverageTable'

export interface CoverageProps {
  readonly inspection: Pick<ModelInspection, 'coverage' | 'byGradient'>
  readonly missing: MissingRule
  readonly onMissing: (missing: MissingRule) => void
}

/** What the compiler will do with every node of the model, before anything runs. */
export function Coverage({ inspection, missing, onMissing }: CoverageProps) {
  const { coverage, byGradient } = inspection
  const taken = missing === 'gradient' ? byGradient : null
  return (
    <div>
      {coverage.supported ? (
        <p className={`${styles['line'] ?? ''} ${styles['good'] ?? ''}`}>
          <b aria-hidden="true">✓</b>
          <span>All {coverage.nodes.length} nodes can be explained.</span>
        </p>
      ) : taken?.supported === true ? (
        <Taken
          coverage={taken}
          onUndo={() => {
            onMissing('refuse')
          }}
        />
      ) : (
        <Refused
          coverage={coverage}
          onTake={
            byGradient?.supported === true
              ? () => {
                  onMissing('gradient')
                }
              : null
          }
        />
      )}
      <details className={styles['details']} open={!coverage.supported}>
        <summary>Every node and its rule</summary>
        <CoverageTable coverage={taken ?? coverage} />
      </details>
    </div>
  )
}

const ofKind = ({ nodes }: CoverageData, kind: NodeTreatment['kind']): readonly NodeTreatment[] =>
  nodes.filter((node) => node.kind === kind)

function Refused({
  coverage,
  onTake,
}: {
  readonly coverage: CoverageData
  /** Null where not even the gradient would do. */
  readonly onTake: (() => void) | null
}) {
  const missing = ofKind(coverage, 'missing')
  return (
    <div className={styles['refused']} role="alert">
      <p>
        <b>✕</b> This model cannot be explained yet:{' '}
        {missing.length === 1 ? 'one node has' : `${missing.length} nodes have`} no rule.
      </p>
      <NodeList nodes={missing} />
      {onTake === null ? null : (
        <div className={styles['offer']}>
          <Button onClick={onTake}>Use the gradient there</Button>
          <span className={styles['soft']}>
            Everywhere else the rules stay as they are, and every map says where the gradient stood
            in.
          </span>
        </div>
      )}
    </div>
  )
}

function Taken({
  coverage,
  onUndo,
}: {
  readonly coverage: CoverageData
  readonly onUndo: () => void
}) {
  const taken = ofKind(coverage, 'gradient')
  return (
    <div className={styles['taken']} role="status">
      <p>
        <b>!</b> {taken.length === 1 ? 'One node has' : `${taken.length} nodes have`} no rule and
        will take the gradient instead; every map and report says so.
      </p>
      <NodeList nodes={taken.map((node) => ({ ...node, detail: '' }))} />
      <div className={styles['offer']}>
        <Button onClick={onUndo}>Rather refuse the model</Button>
      </div>
    </div>
  )
}

const listed = 5

function NodeList({ nodes }: { readonly nodes: readonly NodeTreatment[] }) {
  return (
    <>
      <ul>
        {nodes.slice(0, listed).map(({ node, operator, detail }) => (
          <li key={node}>
            <code>{node}</code> ({operator}) <span className={styles['soft']}>{detail}</span>
          </li>
        ))}
      </ul>
      {nodes.length > listed ? (
        <p className={styles['soft']}>… and {nodes.length - listed} more in the list below.</p>
      ) : null}
    </>
  )
}
