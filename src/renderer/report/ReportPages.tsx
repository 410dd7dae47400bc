import { formatDate, formatProbability } from '../../shared/format/numbers'
import type { ReportModel } from '../../shared/report/model'
import { ImagePage } from './ImagePage'
import styles from './ReportPages.module.css'
import { decisionShort } from '../../shared/report/words'
import { auditText, verdictCounts } from './reportWords'
import { Rows } from './Rows'

/** What the PDF will say, as pages on the screen: the same facts in the same order. */
export function ReportPages({ model }: { readonly model: ReportModel }) {
  return (
    <>
      <CoverPage model={model} />
      {model.images.map((image, index) => (
        <ImagePage
          key={image.id}
          image={image}
          number={index + 1}
          labels={model.model.card.labels}
        />
      ))}
      <ModelPage model={model} />
    </>
  )
}

function CoverPage({ model }: { readonly model: ReportModel }) {
  const { card, fileName, sha256 } = model.model
  return (
    <article className={styles['page']} aria-label="First page">
      <header className={styles['title']}>
        <h2>Review report</h2>
        <span>{formatDate(model.createdAt)}</span>
      </header>
      <p className={styles['lead']}>{model.session.name}</p>
      <Rows
        rows={[
          ['Reviewer', model.reviewer.trim() === '' ? 'Not named' : model.reviewer],
          ['Verdicts', verdictCounts(model.images)],
          ['Images', String(model.images.length)],
          ['Model', `${card.name}, version ${card.version}`],
          ['Model file', fileName],
          ['Model sha256', sha256],
          ['Report', model.id],
          ['Session', model.session.id],
          ['Written by', `${model.program.name} ${model.program.version}`],
          ['Audit trail', auditText(model)],
        ]}
      />
      <p className={styles['notice']}>
        Research use, not a medical device. The model’s answers and the heatmaps are aids to a
        review by an expert; a heatmap shows what the model used, not whether the model is right.
      </p>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">The model says</th>
            <th scope="col" className={styles['number']}>
              Probability
            </th>
            <th scope="col">The reviewer</th>
            <th scope="col" className={styles['number']}>
              Regions
            </th>
          </tr>
        </thead>
        <tbody>
          {model.images.map(({ id, name, explanation, review }, index) => {
            const top = explanation?.result.prediction.top[0]
            return (
              <tr key={id}>
                <td>
                  {index + 1} {name}
                </td>
                <td>{top ? top.label : 'Not explained'}</td>
                <td className={styles['number']}>
                  {top ? formatProbability(top.probability) : '–'}
                </td>
                <td>{decisionShort[review.verdict.decision ?? 'none']}</td>
                <td className={styles['number']}>{review.regions.length}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </article>
  )
}

/** What the PDF's appendix says of the model. */
function ModelPage({ model }: { readonly model: ReportModel }) {
  const { card, cardSha256 } = model.model
  return (
    <article className={styles['page']} aria-label="Model card">
      <h2>Model card</h2>
      <p className={styles['lead']}>
        {card.name}, version {card.version}
      </p>
      <Rows
        rows={[
          ['Task', card.task],
          ['Classes', card.labels.slice(0, 20).join(', ')],
          ['Training data', card.trainingData ?? ''],
          ['Evaluation', card.evaluation?.text ?? ''],
          ['Limits', card.limits ?? ''],
          ['Licence', card.licence ?? ''],
          ['Card sha256', cardSha256],
          ['Audit sha256', model.audit.head],
        ]}
      />
      <p className={styles['lead']}>
        The PDF goes on with the conventions, the programs and the ledger, layer by layer.
      </p>
    </article>
  )
}
