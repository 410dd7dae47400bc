import { useState } from 'react'
import { useStore } from 'zustand'
import {
  keepsLedger,
  missingRuleSchema,
  startSchema,
  type MethodName,
  type MethodParameters,
  type ParameterName,
} from '../../shared/explanation/method'
import { useApp } from '../components/AppContext'
import { keepFocus } from '../components/Button'
import { Field, Select, TextInput } from '../components/Field'
import { explain } from '../state/workflow'
import { parametersShown } from './methodWords'
import { readParameter, writeParameter } from './parameterText'
import { parameterWords, usualText } from './parameterWords'
import styles from './Why.module.css'

export function Parameters() {
  const app = useApp()
  const method = useStore(app.view.store, (view) => view.method)
  const traits = useStore(app.traits.store, (state) => state.traits)
  // Only who has asked for the gradient needs a way back from it.
  const taken = useStore(app.view.store, (view) => view.missing === 'gradient')
  const names = parametersShown(method, traits)
  const showMissing = taken && keepsLedger(method)
  if (names.length === 0 && !keepsLedger(method)) return null
  return (
    <details className={styles['details']} open={method === 'epsilon-gamma-box'}>
      <summary onMouseDown={keepFocus}>Parameters</summary>
      <div className={styles['parameters']}>
        {names.map((name) => (
          <Parameter key={`${method}-${name}`} method={method} name={name} />
        ))}
        {keepsLedger(method) ? <StartRelevance /> : null}
        {showMissing ? <MissingRules /> : null}
      </div>
    </details>
  )
}

function StartRelevance() {
  const app = useApp()
  const start = useStore(app.view.store, (view) => view.start)
  return (
    <div
      title="What the explained class passes on to the pixels: its logit, or 1 for any class, so that maps of two classes compare"
      className={styles['parameter']}
    >
      <Field name="Starts with">
        {(attributes) => (
          <Select
            {...attributes}
            value={start}
            onValue={(value) => {
              app.view.set({ start: startSchema.parse(value) })
              explain(app)
            }}
          >
            <option value="logit">its logit</option>
            <option value="unit">1</option>
          </Select>
        )}
      </Field>
    </div>
  )
}

function MissingRules() {
  const app = useApp()
  return (
    <div title="What to do at nodes for which there is no rule" className={styles['parameter']}>
      <Field name="Missing rules">
        {(attributes) => (
          <Select
            {...attributes}
            value="gradient"
            onValue={(value) => {
              app.view.set({ missing: missingRuleSchema.parse(value) })
              explain(app)
            }}
          >
            <option value="gradient">the gradient</option>
            <option value="refuse">refuse the model</option>
          </Select>
        )}
      </Field>
    </div>
  )
}

interface ParameterProps {
  readonly method: MethodName
  readonly name: ParameterName
}

function Parameter({ method, name }: ParameterProps) {
  const app = useApp()
  const parameters = useStore(app.view.store, (view) => view.parameters)
  const [draft, setDraft] = useState<string | null>(null)
  const words = parameterWords[name]
  const shown = writeParameter(parameters[name])
  const usual = usualText(name, method)
  const reading = draft === null ? null : readParameter(method, name, draft, parameters)

  function take(next: MethodParameters): void {
    app.view.set({ parameters: next })
    explain(app)
  }

  function commit(): void {
    if (draft === null || !reading?.parameters) return
    setDraft(null)
    if (draft.trim() !== shown) take(reading.parameters)
  }

  function choose(value: string): void {
    const { parameters: next } = readParameter(
      method,
      name,
      value === usual ? '' : value,
      parameters,
    )
    if (next) take(next)
  }

  return (
    <div title={words.title} className={styles['parameter']}>
      <Field name={words.label} problem={reading?.problem ?? null}>
        {(attributes) =>
          words.choices ? (
            <Select {...attributes} value={shown === '' ? usual : shown} onValue={choose}>
              {Object.entries(words.choices).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </Select>
          ) : (
            <TextInput
              {...attributes}
              value={draft ?? shown}
              placeholder={usual}
              onValue={setDraft}
              onBlur={commit}
              onKeyDown={(event) => {
                if (event.key === 'Enter') commit()
              }}
            />
          )
        }
      </Field>
    </div>
  )
}
