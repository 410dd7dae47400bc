import { computedBy } from '../../shared/explanation/provider'
import { confidenceText, decisionWords } from '../../shared/report/words'
import { formatProbability, formatRelevance, formatShare } from '../../shared/format/numbers'
import { measureTexts, noLedgerSentence } from '../../shared/explanation/noLedger'
import type { ExplanationResult } from '../../shared/explanation/result'
import type { ReportImage } from '../../shared/report/model'
import { evidenceText } from '../review/evidence'
import { ledgerSentence } from '../review/ledgerWords'
import { kindName, regionName } from '../review/regionWords'
import styles from './ReportPages.module.css'
import { ReportPicture } from './ReportPicture'
import { methodText, questionText, relevanceText, scopeText } from './reportWords'
import { Rows } from './Rows'

/** One image: pictures, the model's word, the reason, the regions, the verdict, the hashes. */
export function ImagePage({
  image,
  number,
  labels,
}: {
  readonly image: ReportImage
  readonly number: number
  readonly labels: readonly string[]
}) {
  const { review, explanation } = image
  const { verdict, regions } = review
  const result = explanation?.result
  const right = verdict.correctClass === null ? null : labels[verdict.correctClass]
  return (
    <article className={styles['page']} aria-label={image.name}>
      <header className={styles['title']}>
        <h2>
          {number} {image.name}
        </h2>
        <span>{decisionWords[verdict.decision ?? 'none']}</span>
      </header>
      <div className={styles['pictures']}>
        <figure>
          <ReportPicture image={image} heatmap={false} />
          <figcaption>
            {image.width} × {image.height} pixels, with the reviewer’s regions
          </figcaption>
        </figure>
        <figure>
          <ReportPicture image={image} heatmap />
          <figcaption>
            {result && explanation
              ? `Red: evidence for ${result.explained.label}${result.against ? ` over ${result.against.label}` : ''}; the ends are ±${formatRelevance(explanation.view.range)}`
              : 'Not explained'}
          </figcaption>
        </figure>
      </div>
      <h3>The model says</h3>
      {result ? (
        <Predictions result={result} />
      ) : (
        <p className={styles['lead']}>
          This image was not explained before the report was written.
        </p>
      )}
      {result ? (
        <>
          <h3>Why</h3>
          <Rows
            rows={[
              ['Question', questionText(result)],
              [
                'Does it add up',
                result.ledger
                  ? `${ledgerSentence(result.ledger)}.`
                  : `${noLedgerSentence(result)}.`,
              ],
              ['Looked at', scopeText(result)],
              ['Method', methodText(result)],
              ['Relevance', relevanceText(result)],
              ['Numbers', measureTexts(result).join('; ')],
            ]}
          />
        </>
      ) : null}
      <h3>Regions</h3>
      {regions.length > 0 ? (
        <RegionTable image={image} />
      ) : (
        <p className={styles['lead']}>No regions were marked.</p>
      )}
      <h3>Verdict</h3>
      <Rows
        rows={[
          ['Decision', decisionWords[verdict.decision ?? 'none']],
          [
            'Right class',
            right ?? (verdict.decision === 'disagree' ? 'Not stated' : 'Not applicable'),
          ],
          ['Confidence', confidenceText(verdict.confidence)],
          ['Explanation plausible', verdict.plausible ?? 'Not stated'],
          ['Comment', verdict.comment === '' ? 'None' : verdict.comment],
        ]}
      />
      <h3>To compute it again</h3>
      <Rows
        rows={[
          ['Image sha256', image.sha256],
          ['Relevance sha256', explanation?.relevanceSha256 ?? ''],
          ['Computed by', result ? computedBy(result) : ''],
        ]}
      />
    </article>
  )
}

function Predictions({ result }: { readonly result: ExplanationResult }) {
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" className={styles['number']}>
            Probability
          </th>
          <th scope="col" className={styles['number']}>
            Logit
          </th>
          <th scope="col" aria-label="Explained" />
        </tr>
      </thead>
      <tbody>
        {result.prediction.top.map((score) => (
          <tr key={score.index}>
            <td>{score.label}</td>
            <td className={styles['number']}>{formatProbability(score.probability)}</td>
            <td className={styles['number']}>{formatRelevance(score.logit, { digits: 3 })}</td>
            <td>
              {score.index === result.explained.index
                ? 'explained'
                : score.index === result.against?.index
                  ? 'held against'
                  : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function RegionTable({ image }: { readonly image: ReportImage }) {
  return (
    <table className={`${styles['table'] ?? ''} ${styles['regions'] ?? ''}`}>
      <thead>
        <tr>
          <th scope="col">Region</th>
          <th scope="col">Kind</th>
          <th scope="col" className={styles['number']}>
            Area
          </th>
          <th scope="col">Evidence and note</th>
        </tr>
      </thead>
      <tbody>
        {image.review.regions.map((region, index) => {
          const evidence = image.explanation?.evidence[index]
          return (
            <tr key={region.id}>
              <td>
                <span className={styles['swatch']} style={{ backgroundColor: region.colour }} />
                {index + 1} {regionName(region)}
              </td>
              <td>{kindName(region.geometry.kind)}</td>
              <td className={styles['number']}>
                {evidence ? formatShare(evidence.areaShare) : ''}
              </td>
              <td>
                {evidence ? evidenceText(evidence) : ''}
                {region.note === '' ? null : <div>{region.note}</div>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
