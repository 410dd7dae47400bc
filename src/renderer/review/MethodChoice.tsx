import { useStore } from 'zustand'
import { methodNames, type MethodName } from '../../shared/explanation/method'
import { useApp, useCurrentImage } from '../components/AppContext'
import { Select } from '../components/Field'
import { chooseComposite, explain } from '../state/workflow'
import { Composite } from './Composite'
import { madeForText, methodGroups, methodWords, mismatchText, parametersFor } from './methodWords'
import styles from './Why.module.css'

/** How the explanation is computed: one list, and one sentence about what is chosen. */
export function MethodChoice() {
  const app = useApp()
  const current = useCurrentImage()
  const { method, parameters, composite } = useStore(app.view.store)
  const traits = useStore(app.traits.store, (state) => state.traits)
  if (!current) return null
  const { input } = current.session.model.card
  const { description } = methodWords[method]
  const mismatch = mismatchText(method, traits)

  function choose(next: MethodName): void {
    // Rules chosen before are taken up again; another file is a button away.
    if (next === 'custom' && composite === null) {
      void chooseComposite(app)
      return
    }
    app.view.set({ method: next, parameters: parametersFor(next, parameters, input) })
    explain(app)
  }

  return (
    <>
      <Select
        aria-label="Method"
        title="How the explanation is computed"
        value={method}
        onValue={(value) => {
          const next = methodNames.find((name) => name === value)
          if (next) choose(next)
        }}
      >
        {methodGroups.map(({ heading, methods }) => (
          <optgroup key={heading} label={heading}>
            {methods.map((name) => (
              <option key={name} value={name}>
                {optionText(name, madeForText(name, traits))}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <p className={styles['description']} title={description}>
        {description}
      </p>
      {mismatch === '' ? null : <p className={styles['mismatch']}>{mismatch}</p>}
      <Composite />
    </>
  )
}

/** `AttnLRP`, `AttnLRP, for transformers`, `Rules from a file …` */
function optionText(method: MethodName, madeFor: string): string {
  const { label } = methodWords[method]
  if (method === 'custom') return `${label} …`
  return madeFor === '' ? label : `${label}, ${madeFor}`
}
