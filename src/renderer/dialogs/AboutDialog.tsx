import { useStore } from 'zustand'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { CopyButton } from '../components/CopyButton'
import { Dialog } from '../components/Dialog'
import { Mark } from '../shell/Mark'
import styles from './dialogs.module.css'

export function AboutDialog() {
  const app = useApp()
  const info = useStore(app.info, (state) => state.info)
  const versions = Object.entries(info?.versions ?? {})
  return (
    <Dialog
      title="About Pixelwise"
      onClose={app.navigation.close}
      footer={
        <CopyButton
          label="Copy the versions"
          text={() =>
            [`Pixelwise ${info?.version ?? ''}`, ...versions.map((pair) => pair.join(' '))].join(
              '\n',
            )
          }
        />
      }
    >
      <div className={styles['prose']} data-selectable>
        <p>
          <Mark /> {info?.version ?? ''}
        </p>
        <p>
          Shows what an image classifier decided and why, by layer-wise relevance propagation (Bach,
          Binder, Montavon, Klauschen, Müller, Samek, PLOS ONE 10(7): e0130140, 2015). It works on
          this computer alone and sends nothing anywhere.
        </p>
        <h3>For research use</h3>
        <p>
          Pixelwise is not a medical device. It must not be used to diagnose, to treat, or to decide
          about a patient. A plausible map does not make a decision right.
        </p>
        <h3>Patents</h3>
        <p>
          The method is subject to patents, among them EP 3271863 B1 and US 12,061,966 B2. Whoever
          uses it commercially should check their own position first.
        </p>
        <h3>Licences</h3>
        <p>
          Pixelwise is under the MIT licence; what it is built from has licences of its own.{' '}
          <Button
            kind="link"
            onClick={() => {
              app.navigation.open('licences')
            }}
          >
            Show all licences
          </Button>
        </p>
        <h3>Where your work lies</h3>
        <p className={styles['mono']}>{info?.dataFolder ?? ''}</p>
        <h3>Versions</h3>
        <dl className={styles['facts']}>
          {versions.map(([name, version]) => (
            <Version key={name} name={name} version={version} />
          ))}
        </dl>
      </div>
    </Dialog>
  )
}

function Version({ name, version }: { readonly name: string; readonly version: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{version}</dd>
    </>
  )
}
