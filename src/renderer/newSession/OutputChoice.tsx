import { useStore } from 'zustand'
import type { ModelInspection } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Field, Select } from '../components/Field'

/** Which output holds the classes, where the file leaves it open: the expert says. */
export function OutputChoice({ inspection }: { readonly inspection: ModelInspection }) {
  const app = useApp()
  const chosen = useStore(app.draft.store, ({ output }) => output)
  return (
    <Field name="Output that holds the classes">
      {(attributes) => (
        <Select
          {...attributes}
          value={chosen ?? inspection.card.output.name}
          onValue={(name) => {
            void app.draft.chooseOutput(name)
          }}
        >
          {inspection.classOutputs.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
