import type { Coverage as CoverageData, NodeTreatment } from '../../shared/explanation/coverage'
import styles from './Coverage.module.css'

const kindNames: Readonly<Record<NodeTreatment['kind'], string>> = {
  rule: 'rule',
  route: 'route',
  pass: 'passes',
  stripped: 'stripped',
  constant: 'constant',
  'off-path': 'off the path',
  stop: 'gets none',
  gradient: 'gradient',
  missing: '✕ missing',
}

/** What the compiler will do with every node of the model, before anything runs. */
export function Coverage({ coverage }: { readonly coverage: CoverageData }) {
  const { nodes, supported } = coverage
  const missing = nodes.filter(({ kind }) => kind === 'missing')
  const listed = [...missing, ...nodes.filter(({ kind }) => kind !== 'missing')]
  return (
    <div>
      {supported ? (
        <p className={`${styles['line'] ?? ''} ${styles['good'] ?? ''}`}>
          <b aria-hidden="true">✓</b>
          <span>All {nodes.length} nodes can be explained.</span>
        </p>
      ) : (
        <div className={styles['refused']} role="alert">
          <p>
            <b>✕</b> This model cannot be explained yet:{' '}
            {missing.length === 1 ? 'one node has' : `${missing.length} nodes have`} no rule.
          </p>
          <ul>
            {missing.slice(0, 5).map(({ node, operator, detail }) => (
              <li key={node}>
                <code>{node}</code> ({operator}) <span className={styles['soft']}>{detail}</span>
              </li>
            ))}
          </ul>
          {missing.length > 5 ? (
            <p className={styles['soft']}>… and {missing.length - 5} more in the list below.</p>
          ) : null}
        </div>
      )}
      <details className={styles['details']} open={!supported}>
        <summary>Every node and its rule</summary>
        <div className={styles['scroll']} tabIndex={0} role="region" aria-label="Nodes and rules">
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">Node</th>
                <th scope="col">Operator</th>
                <th scope="col">Treatment</th>
              </tr>
            </thead>
            <tbody>
              {listed.map(({ node, operator, kind, detail }) => (
                <tr key={node} className={kind === 'missing' ? styles['missing'] : undefined}>
                  <td>{node}</td>
                  <td>{operator}</td>
                  <td>
                    {kindNames[kind]}
                    {detail === '' ? '' : `: ${detail}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  )
}
