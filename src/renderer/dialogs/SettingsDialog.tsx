import { useStore } from 'zustand'
import {
  providerChoices,
  providerChoiceSchema,
  type ProviderChoice,
} from '../../shared/explanation/provider'
import type { Settings } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { Field, Select, TextInput } from '../components/Field'
import { chooseProvider } from '../state/workflow'
import styles from './dialogs.module.css'

const themes: readonly { readonly value: Settings['theme']; readonly words: string }[] = [
  { value: 'system', words: 'as the system' },
  { value: 'dark', words: 'dark' },
  { value: 'light', words: 'light' },
]

const providerWords: Readonly<Record<ProviderChoice, string>> = {
  auto: 'automatic: a graphics processor where it is right and faster',
  cuda: 'CUDA (NVIDIA, Linux)',
  directml: 'DirectML (Windows)',
  coreml: 'Core ML (macOS)',
  webgpu: 'WebGPU',
  cpu: 'CPU, the reference',
}

export function SettingsDialog() {
  const app = useApp()
  const settings = useStore(app.settings.store)
  return (
    <Dialog
      title="Settings"
      onClose={app.navigation.close}
      footer={
        <Button kind="primary" onClick={app.navigation.close}>
          Done
        </Button>
      }
    >
      <div className={styles['grid']}>
        <Field name="Reviewer, as the reports name you">
          {(attributes) => (
            <TextInput
              {...attributes}
              data-first
              placeholder="Your name"
              value={settings.reviewer}
              maxLength={200}
              autoComplete="off"
              onValue={(reviewer) => {
                app.settings.set({ reviewer })
              }}
            />
          )}
        </Field>
        <fieldset>
          <legend className={styles['legend']}>Theme</legend>
          <div className={styles['choices']}>
            {themes.map(({ value, words }) => (
              <label key={value} className={styles['choice']}>
                <input
                  type="radio"
                  name="theme"
                  checked={settings.theme === value}
                  onChange={() => {
                    app.settings.set({ theme: value })
                  }}
                />
                {words}
              </label>
            ))}
          </div>
        </fieldset>
        <div className={styles['explained']}>
          <Field name="Computing">
            {(attributes) => (
              <Select
                {...attributes}
                value={settings.provider}
                onValue={(value) => {
                  chooseProvider(app, providerChoiceSchema.parse(value))
                }}
              >
                {providerChoices.map((choice) => (
                  <option key={choice} value={choice}>
                    {providerWords[choice]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <small>
            Every other provider must first give the CPU’s numbers on a test input; where it does
            not, the next one computes and the result says so. Only the CPU promises the same result
            to the last bit.
          </small>
        </div>
        <label className={styles['check']}>
          <input
            type="checkbox"
            checked={settings.letterShortcuts}
            onChange={(event) => {
              app.settings.set({ letterShortcuts: event.target.checked })
            }}
          />
          <span>Shortcuts of a single character</span>
          <small>
            Y, N, U, V, R and the like. Switch them off if you dictate or press keys by accident;
            shortcuts with Ctrl stay.
          </small>
        </label>
      </div>
    </Dialog>
  )
}
