import { useState } from 'react'
import { useStore } from 'zustand'
import type { MethodName, MethodParameters, ParameterName } from '../../shared/explanation/method'
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
  const names = parametersShown(method, traits)
  if (names.length === 0) return null
  return (
    <details className={styles['details']} open={method === 'epsilon-gamma-box'}>
      <summary onMouseDown={keepFocus}>Parameters</summary>
      <div className={styles['parameters']}>
        {names.map((name) => (
          <Parameter key={`${method}-${name}`} method={method} name={name} />
        ))}
      </div>
    </details>
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
