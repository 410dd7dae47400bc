import { useStore } from 'zustand'
import { computedBy } from '../../shared/explanation/provider'
import { formatRelevance } from '../../shared/format/numbers'
import { compositeLines } from '../../shared/explanation/compositeWords'
import { noLedgerSentence } from '../../shared/explanation/noLedger'
import { isStandIn, standInText } from '../../shared/explanation/standIns'
import type { ExplanationResult, Ledger, LedgerEntry } from '../../shared/explanation/result'
import { useApp } from '../components/AppContext'
import { CopyButton } from '../components/CopyButton'
import { Dialog } from '../components/Dialog'
import { entrySentence, ledgerSentence } from '../review/ledgerWords'
import { methodWords } from '../review/methodWords'
import { ledgerShares, ledgerText, sumSentence, type LedgerShares } from './ledgerText'
import styles from './LedgerDialog.module.css'

export function LedgerDialog() {
  const app = useApp()
  const result = useStore(app.analysis.store, (state) => state.explanation?.result)
  if (!result) return null
  const { ledger } = result
  const standIn = standInText(ledger)
  return (
    <Dialog
      title={ledger ? 'Conservation ledger' : 'How the map was computed'}
      wide
      onClose={app.navigation.close}
      footer={<CopyButton label="Copy as text" text={() => ledgerText(result)} />}
    >
      <div data-selectable>
        {ledger ? (
          <>
            <p
              className={`${styles['verdict'] ?? ''} ${styles[ledger.balanced ? 'good' : 'warn']}`}
            >
              {ledger.balanced ? '✓' : '!'} {ledgerSentence(ledger)}.
            </p>
            <p className={styles['soft']}>{sumSentence(result)}</p>
            {standIn === '' ? null : (
              <p className={styles['standIn']}>
                <b aria-hidden="true">!</b> The map was made with {standIn}: there the gradient
                decided, and what it does not conserve is stated as kept back.
              </p>
            )}
            <Layers ledger={ledger} />
          </>
        ) : (
          <p>
            {noLedgerSentence(result)}. {methodWords[result.spec.method].description}
          </p>
        )}
        <Facts result={result} />
      </div>
    </Dialog>
  )
}

const accounts: readonly { readonly key: keyof LedgerShares; readonly words: string }[] = [
  { key: 'given', words: 'given' },
  { key: 'passed', words: 'passed on' },
  { key: 'bias', words: 'absorbed by the bias' },
  { key: 'stabiliser', words: 'absorbed by the stabiliser' },
  { key: 'kept', words: 'kept back by the rule' },
  { key: 'residual', words: 'unaccounted for' },
]

function Layers({ ledger }: { readonly ledger: Ledger }) {
  return (
    <>
      <div className={styles['keys']} aria-hidden="true">
        {accounts.map(({ key, words }) => (
          <span key={key} className={styles[key]}>
            {words}
          </span>
        ))}
      </div>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" className={styles['number']}>
              Given
            </th>
            <th scope="col" className={styles['number']}>
              Passed on
            </th>
            <th scope="col">Accounts</th>
            <th scope="col">In words</th>
          </tr>
        </thead>
        <tbody>
          {ledger.entries.map((entry, index) => (
            <Layer key={`${entry.node}-${index}`} entry={entry} tolerance={ledger.tolerance} />
          ))}
        </tbody>
      </table>
    </>
  )
}

function Layer({ entry, tolerance }: { readonly entry: LedgerEntry; readonly tolerance: number }) {
  const shares = ledgerShares(entry)
  const amount = (value: number) => formatRelevance(value, { digits: 3, signed: true })
  const balances = entry.relativeResidual <= tolerance
  return (
    <tr className={balances ? undefined : styles['off']}>
      <td className={styles['node']}>
        {entry.node}
        <div className={styles['soft']}>
          {entry.operator} ·{' '}
          {isStandIn(entry) ? <b className={styles['mark']}>{entry.rule}, no rule</b> : entry.rule}
        </div>
      </td>
      <td className={styles['number']}>{amount(entry.relevanceOut)}</td>
      <td className={styles['number']}>{amount(entry.relevanceIn)}</td>
      <td>
        <div className={styles['bars']} aria-hidden="true">
          {accounts.map(({ key }) => (
            <div key={key} className={`${styles['bar'] ?? ''} ${styles[key] ?? ''}`}>
              <span
                className={styles['fill']}
                style={
                  shares[key] < 0
                    ? { right: '50%', width: `${Math.abs(shares[key]) * 50}%` }
                    : { left: '50%', width: `${shares[key] * 50}%` }
                }
              />
            </div>
          ))}
        </div>
      </td>
      <td className={styles['soft']}>{entrySentence(entry, tolerance)}</td>
    </tr>
  )
}

function Facts({ result }: { readonly result: ExplanationResult }) {
  const { model, input, conventions, versions, spec, measures = [] } = result
  // The measures stand among the conventions too, for reports that know no others.
  const notMeasured = ({ name }: { readonly name: string }) =>
    !measures.some((measure) => measure.name === name)
  return (
    <>
      {measures.length > 0 ? (
        <>
          <h3 className={styles['heading']}>Numbers</h3>
          <dl className={styles['facts']} data-numbers>
            {measures.map(({ name, value }) => (
              <Fact key={name} name={name} value={formatRelevance(value, { digits: 4 })} />
            ))}
          </dl>
        </>
      ) : null}
      {spec.composite ? (
        <>
          <h3 className={styles['heading']}>Rules from a file</h3>
          <dl className={styles['facts']}>
            <Fact name="Name" value={spec.composite.name} />
            {compositeLines(spec.composite).map(([layers, rule], index) => (
              <Fact key={index} name={layers} value={rule} />
            ))}
          </dl>
        </>
      ) : null}
      <h3 className={styles['heading']}>Conventions</h3>
      <dl className={styles['facts']}>
        {conventions.filter(notMeasured).map(({ name, value }) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      <h3 className={styles['heading']}>What it was computed from</h3>
      <dl className={styles['facts']}>
        <Fact name="Model" value={`${model.name} ${model.version}`} />
        <Fact name="Model sha256" value={model.sha256} hash />
        {model.cardSha256 === null ? null : (
          <Fact name="Card sha256" value={model.cardSha256} hash />
        )}
        <Fact name="Image sha256" value={input.sha256} hash />
        <Fact name="Provider" value={computedBy(result)} />
        {result.notices.map((notice) => (
          <Fact key={notice} name="Note" value={notice} />
        ))}
        {result.notices.map((notice) => (
          <Fact key={notice} name="Notice" value={notice} />
        ))}
        {Object.entries(versions).map(([name, version]) => (
          <Fact key={name} name={name} value={version} />
        ))}
      </dl>
    </>
  )
}

interface FactProps {
  readonly name: string
  readonly value: string
  readonly hash?: boolean
}

function Fact({ name, value, hash = false }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={hash ? styles['hash'] : undefined}>{value}</dd>
    </>
  )
}
