import { useMemo, useState } from 'react'
import type { Coverage } from '../../shared/explanation/coverage'
import { Select, TextInput } from '../components/Field'
import styles from './Coverage.module.css'
import { kindCounts, kindSchema, kindWords, listNodes, treatmentText } from './coverageList'

/** Fewer nodes need no search. */
const fewNodes = 12

/** Every node and what becomes of it; what is missing stands first. */
export function CoverageTable({ coverage }: { readonly coverage: Coverage }) {
  const [text, setText] = useState('')
  const [kind, setKind] = useState('all')
  const counts = useMemo(() => kindCounts(coverage), [coverage])
  const chosen = kindSchema.safeParse(kind).data ?? null
  const nodes = useMemo(() => listNodes(coverage, text, chosen), [coverage, text, chosen])
  const all = coverage.nodes.length
  return (
    <>
      {all > fewNodes ? (
        <div className={styles['filter']}>
          <TextInput
            aria-label="Search the nodes"
            placeholder="Search by name, operator or rule"
            value={text}
            onValue={setText}
          />
          <Select aria-label="Which nodes to list" value={kind} onValue={setKind}>
            <option value="all">All {all} nodes</option>
            {counts.map(([name, count]) => (
              <option key={name} value={name}>
                {kindWords[name]} ({count})
              </option>
            ))}
          </Select>
        </div>
      ) : null}
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
            {nodes.map((node, index) => (
              <tr key={`${node.node}-${index}`} className={styles[node.kind]}>
                <td>{node.node}</td>
                <td>{node.operator}</td>
                <td>{treatmentText(node)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {nodes.length === 0 ? <p className={styles['none']}>No node is like that.</p> : null}
      </div>
    </>
  )
}
