import {
  formatDate,
  formatProbability,
  formatRelevance,
  formatShare,
} from '../../shared/format/numbers'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import { evidenceText } from '../review/evidence'
import { ledgerSentence } from '../review/ledgerWords'
import { methodWords } from '../review/methodWords'
import { kindName, regionName } from '../review/regionWords'
import { ReportPicture } from './ReportPicture'
import styles from './ReportPages.module.css'

/** What the PDF will say, as pages on the screen. */
export function ReportPages({ model }: { readonly model: ReportModel }) {
  return (
    <>
      <CoverPage model={model} />
      {model.images.map((image) => (
        <ImagePage key={image.id} image={image} labels={model.model.card.labels} />
      ))}
    </>
  )
}

function Rows({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles['facts']}>
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <Row key={name} name={name} value={value} />
        ))}
    </dl>
  )
}

function Row({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={name.includes('sha256') ? styles['hash'] : undefined}>{value}</dd>
    </>
  )
}

function CoverPage({ model }: { readonly model: ReportModel }) {
  const { card, fileName, sha256, cardSha256 } = model.model
  const judged = model.images.filter(({ review }) => review.verdict.decision !== null).length
  return (
    <article className={styles['page']} aria-label="First page">
      <h2>{model.session.name}</h2>
      <p className={styles['lead']}>
        Review of {model.images.length === 1 ? 'one image' : `${model.images.length} images`},{' '}
        {judged} judged. Research use only; not a medical device.
      </p>
      <h3>Report</h3>
      <Rows
        rows={[
          ['Reviewer', model.reviewer === '' ? 'not named' : model.reviewer],
          ['Made', formatDate(model.createdAt)],
          ['Program', `${model.program.name} ${model.program.version}`],
          ['Report id', model.id],
          [
            'Audit trail',
            `${model.audit.entries} entries, ${model.audit.intact ? 'intact' : 'NOT intact'}`,
          ],
          ['Audit sha256', model.audit.head],
        ]}
      />
      <h3>Model</h3>
      <Rows
        rows={[
          ['Name', `${card.name} ${card.version}`],
          ['File', fileName],
          ['Model sha256', sha256],
          ['Card sha256', cardSha256],
          ['Task', card.task],
          ['Labels', card.labels.slice(0, 20).join(', ')],
          ['Training', card.trainingData ?? ''],
          ['Evaluation', card.evaluation?.text ?? ''],
          ['Limits', card.limits ?? ''],
          ['Licence', card.licence ?? ''],
        ]}
      />
    </article>
  )
}

const decisionWords = {
  agree: '✓ The reviewer agrees.',
  disagree: '✕ The reviewer disagrees.',
  unsure: '? The reviewer is unsure.',
} as const

function ImagePage({
  image,
  labels,
}: {
  readonly image: ReportImage
  readonly labels: readonly string[]
}) {
  const { review, explanation } = image
  const { verdict, regions } = review
  const result = explanation?.result
  return (
    <article className={styles['page']} aria-label={image.name}>
      <h2>{image.name}</h2>
      <p className={styles['lead']}>
        {image.width} × {image.height} pixels
      </p>
      <div className={styles['pictures']}>
        <figure>
          <ReportPicture image={image} heatmap={false} />
          <figcaption>The image with the reviewer’s regions</figcaption>
        </figure>
        <figure>
          <ReportPicture image={image} heatmap />
          <figcaption>
            {result && explanation
              ? `Evidence for ${result.explained.label}${result.against ? ` and not ${result.against.label}` : ''}, ±${formatRelevance(explanation.view.range)}`
              : 'Not explained'}
          </figcaption>
        </figure>
      </div>
      <h3>Verdict</h3>
      <p className={styles['verdict']}>
        {verdict.decision === null ? 'No verdict yet.' : decisionWords[verdict.decision]}
      </p>
      <Rows
        rows={[
          [
            'Right class',
            verdict.correctClass === null ? '' : (labels[verdict.correctClass] ?? ''),
          ],
          ['Confidence', verdict.confidence === null ? '' : `${verdict.confidence} of 5`],
          ['Explanation plausible', verdict.plausible ?? ''],
        ]}
      />
      {verdict.comment === '' ? null : <p className={styles['comment']}>{verdict.comment}</p>}
      {result ? (
        <>
          <h3>The model says</h3>
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
              </tr>
            </thead>
            <tbody>
              {result.prediction.top.map((score) => (
                <tr key={score.index}>
                  <td>{score.label}</td>
                  <td className={styles['number']}>{formatProbability(score.probability)}</td>
                  <td className={styles['number']}>
                    {formatRelevance(score.logit, { digits: 3 })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
      {regions.length > 0 ? <RegionTable image={image} /> : null}
      <h3>Recompute</h3>
      <Rows
        rows={[
          ['Image sha256', image.sha256],
          ['Method', result ? methodWords[result.spec.method].label : ''],
          ['Relevance sha256', explanation?.relevanceSha256 ?? ''],
          ['Ledger', result?.ledger ? ledgerSentence(result.ledger) : ''],
          ['Provider', result?.provider ?? ''],
        ]}
      />
    </article>
  )
}

function RegionTable({ image }: { readonly image: ReportImage }) {
  return (
    <>
      <h3>Regions</h3>
      <table className={styles['table']}>
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
    </>
  )
}
