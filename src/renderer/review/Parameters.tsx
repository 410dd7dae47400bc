import { useState } from 'react'
import { useStore } from 'zustand'
import { parametersOf, type ParameterName } from '../../shared/explanation/method'
import { useApp } from '../components/AppContext'
import { keepFocus } from '../components/Button'
import { TextInput } from '../components/Field'
import { readParameter, writeParameter } from './parameterText'
import { explain } from '../state/workflow'
import { parameterWords } from './parameterWords'
import styles from './Why.module.css'

export function Parameters() {
  const app = useApp()
  const method = useStore(app.view.store, (view) => view.method)
  const names = parametersOf(method)
  if (names.length === 0) return null
  return (
    <details className={styles['details']} open={method === 'epsilon-gamma-box'}>
      <summary onMouseDown={keepFocus}>Parameters</summary>
      <div className={styles['parameters']}>
        {names.map((name) => (
          <Parameter key={`${method}-${name}`} name={name} />
        ))}
      </div>
    </details>
  )
}

function Parameter({ name }: { readonly name: ParameterName }) {
  const app = useApp()
  const parameters = useStore(app.view.store, (view) => view.parameters)
  const [draft, setDraft] = useState<string | null>(null)
  const words = parameterWords[name]
  const shown = writeParameter(parameters[name])
  const text = draft ?? shown
  const read = draft === null ? parameters : readParameter(name, draft, parameters)

  function commit(): void {
    if (draft === null || !read) return
    setDraft(null)
    if (draft.trim() === shown) return
    app.view.set({ parameters: read })
    explain(app)
  }

  return (
    <label className={styles['parameter']} title={words.title}>
      <span>{words.label}</span>
      <TextInput
        value={text}
        placeholder={words.usual}
        aria-invalid={read === null}
        onValue={setDraft}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
        }}
      />
    </label>
  )
}
