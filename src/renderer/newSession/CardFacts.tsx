import type { ModelCard } from '../../shared/card'
import { formatBytes } from '../../shared/format/numbers'
import { shortHash } from '../../shared/hash'
import type { ModelInspection } from '../../shared/session'
import styles from './CardFacts.module.css'

const channelNames = { RGB: 'RGB', BGR: 'BGR', GRAY: 'grey' } as const

/** `64 × 64 pixels, RGB; tile by tile` */
export function inputText(card: ModelCard): string {
  const { width, height, channels } = card.input
  const fit = card.fit === 'tile' ? 'tile by tile at its own size' : 'the whole image resized'
  return `${width} × ${height} pixels, ${channelNames[channels]}; ${fit}`
}

function labelsText(labels: readonly string[]): string {
  const shown = labels.slice(0, 12).join(' · ')
  return labels.length > 12 ? `${shown} … and ${labels.length - 12} more` : shown
}

export interface CardFactsProps {
  readonly card: ModelCard
  readonly inspection: ModelInspection
}

export function CardFacts({ card, inspection }: CardFactsProps) {
  const rows: readonly (readonly [string, string])[] = [
    ['Version', card.version],
    ['Task', card.task],
    ['Labels', `${card.labels.length}: ${labelsText(card.labels)}`],
    ['Input', inputText(card)],
    ['Training', card.trainingData ?? ''],
    ['Evaluation', card.evaluation?.text ?? ''],
    ['Limits', card.limits ?? ''],
    ['Licence', card.licence ?? ''],
    ['File', `${inspection.fileName}, ${formatBytes(inspection.bytes)}`],
    ['sha256', shortHash(inspection.sha256)],
  ]
  return (
    <>
      <h3 className={styles['title']}>{card.name}</h3>
      <dl className={styles['facts']} data-selectable>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <FactRow key={name} name={name} value={value} hash={inspection.sha256} />
          ))}
      </dl>
    </>
  )
}

function FactRow({
  name,
  value,
  hash,
}: {
  readonly name: string
  readonly value: string
  readonly hash: string
}) {
  const long = value.length > 220
  return (
    <>
      <dt>{name}</dt>
      <dd title={name === 'sha256' ? hash : undefined}>
        {long ? (
          <div className={styles['long']} tabIndex={0} role="region" aria-label={name}>
            {value}
          </div>
        ) : (
          value
        )}
      </dd>
    </>
  )
}
