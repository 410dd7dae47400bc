import { useStore } from 'zustand'
import { useApp } from '../components/AppContext'
import { Button } from '../components/Button'
import { ErrorBox } from '../components/ErrorBox'
import { Progress } from '../components/Progress'
import { canBeExplained } from '../state/draft'
import { CardFacts } from './CardFacts'
import { CardForm } from './CardForm'
import { Coverage } from './Coverage'
import { OutputChoice } from './OutputChoice'
import styles from './NewSessionScreen.module.css'

export function ModelColumn() {
  const app = useApp()
  const draft = useStore(app.draft.store)
  const { model, inspection, inspecting, modelError, samples, card } = draft

  function choose(): void {
    app.api
      .call('files.chooseModel', undefined)
      .then((file) => (file ? app.draft.chooseModel(file) : undefined))
      .catch(app.notices.fail)
  }

  const isSample = samples.some(({ token }) => token === model?.token)

  const sampleList = (
    <div className={styles['samples']} role="group" aria-label="Sample models">
      <p className={styles['soft']}>or one of the samples:</p>
      <div className={styles['row']}>
        {samples.map((file) => (
          <Button
            key={file.token}
            className={`${styles['sample'] ?? ''} ${model?.token === file.token ? styles['on'] : ''}`}
            aria-pressed={model?.token === file.token}
            onClick={() => void app.draft.chooseModel(file)}
          >
            {file.name}
          </Button>
        ))}
      </div>
    </div>
  )

  return (
    <section className={styles['column']} aria-labelledby="new-model" tabIndex={-1}>
      <h2 id="new-model">
        <span aria-hidden="true">1</span> Model
      </h2>
      {model === null ? (
        <div className={styles['drop']}>
          <p>
            An image classifier as an ONNX file. If a card lies beside it (
            <code>name.card.json</code>) it is read; otherwise you confirm a proposal.
          </p>
          <Button kind="primary" onClick={choose}>
            Choose an ONNX model…
          </Button>
          {samples.length > 0 ? sampleList : null}
        </div>
      ) : (
        <div className={styles['row']}>
          <strong>{model.name}</strong>
          <Button onClick={choose}>Choose another…</Button>
        </div>
      )}
      {isSample ? sampleList : null}
      {inspecting ? (
        <div className={styles['busy']} role="status">
          <Progress label="Reading the model" done={0} total={0} />
          <p className={styles['soft']}>Reading the model and looking up a rule for every node …</p>
        </div>
      ) : null}
      {modelError === null ? null : (
        <ErrorBox error={modelError}>
          <Button onClick={choose}>Choose another…</Button>
        </ErrorBox>
      )}
      {inspection === null ? null : (
        <>
          {inspection.origin === 'found' ? (
            <CardFacts card={inspection.card} inspection={inspection} />
          ) : null}
          {inspection.classOutputs.length > 1 ? <OutputChoice inspection={inspection} /> : null}
          <Coverage
            inspection={inspection}
            missing={draft.missing}
            onMissing={app.draft.setMissing}
          />
          {inspection.origin === 'proposed' && canBeExplained(draft) ? (
            <CardForm
              key={`${inspection.token} ${inspection.card.output.name}`}
              inspection={inspection}
              confirmed={card !== null}
              onConfirm={app.draft.confirmCard}
            />
          ) : null}
        </>
      )}
    </section>
  )
}
