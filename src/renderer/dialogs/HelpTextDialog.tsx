import { useEffect, useState } from 'react'
import { useApp } from '../components/AppContext'
import { Dialog } from '../components/Dialog'
import { Markdown } from '../components/Markdown'
import styles from './dialogs.module.css'

const titles = { manual: 'Manual', licences: 'Licences' } as const

/** A text that comes with the program. */
export function HelpTextDialog({ topic }: { readonly topic: keyof typeof titles }) {
  const app = useApp()
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    app.api
      .call('app.openHelp', { topic })
      .then((help) => {
        setText(help.text)
      })
      .catch((thrown: unknown) => {
        app.navigation.close()
        app.notices.fail(thrown)
      })
  }, [app, topic])
  return (
    <Dialog title={titles[topic]} wide onClose={app.navigation.close}>
      {topic === 'manual' && text !== null ? (
        <Markdown text={text} />
      ) : (
        // Licences stand as their authors set them.
        <pre className={styles['text']} aria-busy={text === null}>
          {text?.replaceAll(/^#+ /gm, '') ?? 'Reading …'}
        </pre>
      )}
    </Dialog>
  )
}
