import type { Verdict } from '../../shared/review/verdict'
import { commentFieldId } from '../actions/reviewActions'
import { ActionButton } from '../components/ActionButton'
import { useApp, useCurrentImage, useReviewState } from '../components/AppContext'
import { Select, inputClass } from '../components/Field'
import { Kbd } from '../components/Kbd'
import { PanelSection } from '../components/Panel'
import { useDraft } from '../components/useDraft'
import { confirmAndNext } from '../state/workflow'
import styles from './VerdictPanel.module.css'

const plausibleWords = { yes: 'yes', partly: 'partly', no: 'no' } as const
const confidenceWords = ['guess', 'unsure', 'fairly sure', 'sure', 'certain'] as const

export function VerdictPanel() {
  const current = useCurrentImage()
  const review = useReviewState(current?.image.id ?? null)
  if (!current) return null
  const { image, session } = current
  const verdict = review?.review.verdict
  return (
    <PanelSection title="Your verdict">
      <div className={styles['three']} role="group" aria-label="Verdict">
        {(['agree', 'disagree', 'unsure'] as const).map((decision) => (
          <ActionButton
            key={decision}
            id={`verdict.${decision}`}
            className={`${styles['verdict'] ?? ''} ${styles[decision] ?? ''}`}
          />
        ))}
      </div>
      {verdict?.decision === 'disagree' ? (
        <RightClass labels={session.model.card.labels} verdict={verdict} />
      ) : null}
      <Judgement verdict={verdict} />
      <Comment key={image.id} text={verdict?.comment ?? ''} />
    </PanelSection>
  )
}

function useVerdictPatch(): (patch: Partial<Verdict>) => void {
  const app = useApp()
  const imageId = useCurrentImage()?.image.id ?? null
  return (patch) => {
    if (imageId !== null) app.review.apply(imageId, { kind: 'set-verdict', patch })
  }
}

interface RightClassProps {
  readonly labels: readonly string[]
  readonly verdict: Verdict
}

function RightClass({ labels, verdict }: RightClassProps) {
  const patch = useVerdictPatch()
  return (
    <Select
      aria-label="The right class"
      title="The class that would have been right"
      value={verdict.correctClass === null ? '' : String(verdict.correctClass)}
      onValue={(value) => {
        patch({ correctClass: value === '' ? null : Number(value) })
      }}
    >
      <option value="">Right would be … (none of these, or not said)</option>
      {labels.map((label, index) => (
        <option key={index} value={index}>
          Right would be: {label}
        </option>
      ))}
    </Select>
  )
}

function Judgement({ verdict }: { readonly verdict: Verdict | undefined }) {
  const patch = useVerdictPatch()
  return (
    <div className={styles['two']}>
      <Select
        aria-label="Is the explanation plausible?"
        title="Apart from the verdict: does the explanation look at the right things?"
        value={verdict?.plausible ?? ''}
        onValue={(value) => {
          const plausible = value === 'yes' || value === 'partly' || value === 'no' ? value : null
          patch({ plausible })
        }}
      >
        <option value="">Map plausible: …</option>
        {(['yes', 'partly', 'no'] as const).map((value) => (
          <option key={value} value={value}>
            Map plausible: {plausibleWords[value]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="How sure are you?"
        title="How sure you are of your verdict, 1 (a guess) to 5 (certain)"
        value={verdict?.confidence == null ? '' : String(verdict.confidence)}
        onValue={(value) => {
          patch({ confidence: value === '' ? null : Number(value) })
        }}
      >
        <option value="">How sure: …</option>
        {confidenceWords.map((word, index) => (
          <option key={word} value={index + 1}>
            {index + 1}/5 {word}
          </option>
        ))}
      </Select>
    </div>
  )
}

function Comment({ text }: { readonly text: string }) {
  const app = useApp()
  const patch = useVerdictPatch()
  const draft = useDraft(text, (comment) => {
    patch({ comment })
  })
  return (
    <textarea
      id={commentFieldId}
      className={`${inputClass} ${styles['comment'] ?? ''}`}
      rows={2}
      aria-label="Comment"
      title="Comment (C). Ctrl Enter confirms and goes on."
      placeholder="Comment (C)"
      maxLength={20_000}
      value={draft.text}
      onChange={(event) => {
        draft.change(event.target.value)
      }}
      onBlur={draft.flush}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        draft.flush()
        confirmAndNext(app)
      }}
    />
  )
}

export function ConfirmNext({ className }: { readonly className?: string | undefined }) {
  return (
    <ActionButton
      id="review.confirmNext"
      kind="primary"
      showKey={false}
      className={className ?? ''}
    >
      <span>Confirm and next</span>
      <Kbd keys="Enter" plain />
    </ActionButton>
  )
}
