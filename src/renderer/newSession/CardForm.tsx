import { useState } from 'react'
import type { ModelCard } from '../../shared/card'
import type { ModelInspection } from '../../shared/session'
import { Button } from '../components/Button'
import { Field, Select, TextInput, inputClass } from '../components/Field'
import { fieldsOf, readCard, type CardFields } from './cardForm'
import styles from './CardForm.module.css'

export interface CardFormProps {
  readonly inspection: ModelInspection
  readonly confirmed: boolean
  readonly onConfirm: (card: ModelCard | null) => void
}

type TextField = 'name' | 'version' | 'width' | 'height' | 'scale' | 'mean' | 'std'

/** A proposed card: the file does not say these things, so the expert does. */
export function CardForm({ inspection, confirmed, onConfirm }: CardFormProps) {
  const [fields, setFields] = useState<CardFields>(() => fieldsOf(inspection.card))
  const reading = readCard(inspection.card, fields)
  const problems = reading.problems ?? {}

  function change(patch: Partial<CardFields>): void {
    setFields((before) => ({ ...before, ...patch }))
    if (confirmed) onConfirm(null)
  }

  function text(field: TextField, name: string) {
    return (
      <Field name={name} problem={problems[field] ?? null}>
        {(attributes) => (
          <TextInput
            {...attributes}
            value={fields[field]}
            onValue={(value) => {
              change({ [field]: value })
            }}
          />
        )}
      </Field>
    )
  }

  return (
    <form
      className={styles['form']}
      aria-label="Model card to confirm"
      onSubmit={(event) => {
        event.preventDefault()
        if (reading.card) onConfirm(reading.card)
      }}
    >
      <div className={styles['doubts']}>
        <h3>No card lies beside this model. Please confirm how it sees images:</h3>
        <ul>
          {inspection.doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      </div>
      <div className={styles['two']}>
        {text('name', 'Name')}
        {text('version', 'Version')}
      </div>
      <Field name="Labels, one a line" problem={problems.labels ?? null}>
        {(attributes) => (
          <textarea
            {...attributes}
            className={inputClass}
            rows={4}
            value={fields.labels}
            onChange={(event) => {
              change({ labels: event.target.value })
            }}
          />
        )}
      </Field>
      <div className={styles['two']}>
        {text('width', 'Input width, pixels')}
        {text('height', 'Input height, pixels')}
      </div>
      <div className={styles['two']}>
        <Field name="Layout">
          {(attributes) => (
            <Select
              {...attributes}
              value={fields.layout}
              onValue={(value) => {
                change({ layout: value === 'NHWC' ? 'NHWC' : 'NCHW' })
              }}
            >
              <option value="NCHW">NCHW: channels first</option>
              <option value="NHWC">NHWC: channels last</option>
            </Select>
          )}
        </Field>
        <Field name="Channels">
          {(attributes) => (
            <Select
              {...attributes}
              value={fields.channels}
              onValue={(value) => {
                change({ channels: value === 'BGR' || value === 'GRAY' ? value : 'RGB' })
              }}
            >
              <option value="RGB">RGB</option>
              <option value="BGR">BGR</option>
              <option value="GRAY">grey, one channel</option>
            </Select>
          )}
        </Field>
      </div>
      <div className={styles['three']}>
        {text('scale', 'Scale')}
        {text('mean', 'Mean per channel')}
        {text('std', 'Std per channel')}
      </div>
      <p className={styles['formula']}>input = (pixel value 0…255 × scale − mean) ÷ std</p>
      <div className={styles['two']}>
        <Field name="How an image meets the input">
          {(attributes) => (
            <Select
              {...attributes}
              value={fields.fit}
              onValue={(value) => {
                change({ fit: value === 'tile' ? 'tile' : 'resize' })
              }}
            >
              <option value="resize">the whole image, resized</option>
              <option value="tile">tile by tile, at its own size</option>
            </Select>
          )}
        </Field>
        <Field name="The output holds">
          {(attributes) => (
            <Select
              {...attributes}
              value={fields.output}
              onValue={(value) => {
                change({ output: value === 'probabilities' ? 'probabilities' : 'logits' })
              }}
            >
              <option value="logits">logits</option>
              <option value="probabilities">probabilities</option>
            </Select>
          )}
        </Field>
      </div>
      <div className={styles['row']}>
        <Button type="submit" kind={confirmed ? 'plain' : 'primary'} disabled={!reading.card}>
          Confirm this card
        </Button>
        <span role="status" className={styles['confirmed']}>
          {confirmed ? '✓ Confirmed' : ''}
        </span>
      </div>
    </form>
  )
}
