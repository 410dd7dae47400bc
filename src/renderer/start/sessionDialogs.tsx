import { useState } from 'react'
import type { SessionSummary } from '../../shared/session'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { Field, TextInput } from '../components/Field'

interface SessionDialogProps {
  readonly summary: SessionSummary
  readonly onClose: () => void
}

export function RenameDialog({ summary, onClose }: SessionDialogProps) {
  const app = useApp()
  const [name, setName] = useState(summary.name)
  const empty = name.trim() === ''
  function save(): void {
    if (empty) return
    app.sessions.rename(summary.id, name).catch(app.notices.fail)
    onClose()
  }
  return (
    <Dialog
      title="Rename session"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={empty} onClick={save}>
            Rename
          </Button>
        </>
      }
    >
      <Field name="Name" problem={empty ? 'A session needs a name.' : null}>
        {(attributes) => (
          <TextInput
            {...attributes}
            data-first
            value={name}
            maxLength={200}
            onValue={setName}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              // Or the button that gets the focus back would be pressed by the same key.
              event.preventDefault()
              save()
            }}
          />
        )}
      </Field>
    </Dialog>
  )
}

export function RemoveDialog({ summary, onClose }: SessionDialogProps) {
  const app = useApp()
  const { name, judgedCount } = summary
  const lost =
    judgedCount === 0
      ? 'Its regions and comments go with it.'
      : `Its regions, comments and ${judgedCount === 1 ? 'one verdict' : `${judgedCount} verdicts`} go with it.`
  return (
    <Dialog
      title={`Delete “${name}”?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} data-first>
            Keep it
          </Button>
          <Button
            kind="danger"
            onClick={() => {
              app.sessions.remove(summary.id).catch(app.notices.fail)
              onClose()
            }}
          >
            Delete session
          </Button>
        </>
      }
    >
      <p>
        {lost} The image and model files stay where they are. This cannot be undone; export a report
        first if you want to keep the verdicts.
      </p>
    </Dialog>
  )
}
