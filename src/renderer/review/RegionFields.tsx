import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Geometry, Region } from '../../shared/review/region'
import type { ReviewCommand } from '../../shared/review/review'
import type { ImageId } from '../../shared/session'
import { labelFieldId } from '../actions/reviewActions'
import { ActionButton } from '../components/ActionButton'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Field, TextInput, inputClass } from '../components/Field'
import { Kbd } from '../components/Kbd'
import { useDraft } from '../components/useDraft'
import { readNumber } from '../newSession/cardForm'
import { kindName, regionColours } from './regionWords'
import { sideNames, sides, withSide, type Side } from './regionSides'
import styles from './Regions.module.css'

export interface RegionFieldsProps {
  readonly imageId: ImageId
  readonly region: Region
  readonly onRemove: () => void
}

export function RegionFields({ imageId, region, onRemove }: RegionFieldsProps) {
  const app = useApp()
  function describe(patch: Extract<ReviewCommand, { kind: 'describe-region' }>['patch']): void {
    app.review.apply(imageId, { kind: 'describe-region', id: region.id, patch })
  }
  const label = useDraft(region.label, (text) => {
    describe({ label: text.trim() })
  })
  const note = useDraft(region.note, (text) => {
    describe({ note: text })
  })
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const shown = sides(region.geometry)
  const known = regionColours.some(({ value }) => value === region.colour)

  function chooseByArrow(event: KeyboardEvent<HTMLDivElement>): void {
    const forward = event.key === 'ArrowRight' || event.key === 'ArrowDown'
    if (!forward && event.key !== 'ArrowLeft' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const now = regionColours.findIndex(({ value }) => value === region.colour)
    const count = regionColours.length
    const next = regionColours.at(((now < 0 ? 0 : now) + (forward ? 1 : count - 1)) % count)
    if (!next) return
    describe({ colour: next.value })
    event.currentTarget.querySelector<HTMLElement>(`[aria-label="${next.name}"]`)?.focus()
  }

  return (
    <div ref={box} className={styles['fields']} role="group" aria-label="Selected region">
      <Field name="Label">
        {({ id: _id, ...attributes }) => (
          <TextInput
            {...attributes}
            id={labelFieldId}
            aria-label="Label"
            value={label.text}
            maxLength={200}
            placeholder={kindName(region.geometry.kind)}
            onValue={label.change}
            onBlur={label.flush}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              label.flush()
              event.currentTarget.blur()
            }}
          />
        )}
      </Field>
      <div
        className={styles['colours']}
        role="radiogroup"
        aria-label="Colour"
        onKeyDown={chooseByArrow}
      >
        {regionColours.map(({ value, name }, place) => (
          <button
            key={value}
            type="button"
            role="radio"
            className={styles['colour']}
            aria-checked={region.colour === value}
            tabIndex={region.colour === value || (place === 0 && !known) ? 0 : -1}
            aria-label={name}
            title={name}
            onClick={() => {
              if (region.colour !== value) describe({ colour: value })
            }}
          >
            <span style={{ backgroundColor: value }} />
          </button>
        ))}
      </div>
      <textarea
        className={inputClass}
        rows={2}
        aria-label="Note on the region"
        placeholder="Note"
        maxLength={10_000}
        value={note.text}
        onChange={(event) => {
          note.change(event.target.value)
        }}
        onBlur={note.flush}
      />
      {shown.length > 0 ? (
        <div className={styles['numbers']} role="group" aria-label="Place in image pixels">
          {shown.map((side) => (
            <SideField
              key={side}
              side={side}
              geometry={region.geometry}
              onGeometry={(geometry) => {
                app.review.apply(imageId, { kind: 'reshape-region', id: region.id, geometry })
              }}
            />
          ))}
        </div>
      ) : null}
      <div className={styles['foot']}>
        <Button kind="quiet" onClick={onRemove}>
          Delete <Kbd keys="Delete" />
        </Button>
        <ActionButton id="edit.undo" kind="quiet" />
      </div>
    </div>
  )
}

interface SideFieldProps {
  readonly side: Side
  readonly geometry: Geometry
  readonly onGeometry: (geometry: Geometry) => void
}

function SideField({ side, geometry, onGeometry }: SideFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const value = side in geometry ? Reflect.get(geometry, side) : null
  const shown = typeof value === 'number' ? String(Math.round(value * 10) / 10) : ''
  const number = draft === null ? null : readNumber(draft)
  const next = number === null ? null : withSide(geometry, side, number)

  function commit(): void {
    if (draft !== null && draft !== shown && next) onGeometry(next)
    setDraft(null)
  }

  return (
    <label className={styles['number']}>
      <span>{sideNames[side]}</span>
      <TextInput
        inputMode="decimal"
        value={draft ?? shown}
        aria-invalid={draft !== null && next === null}
        onValue={setDraft}
        onBlur={commit}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter') commit()
        }}
      />
    </label>
  )
}
