import { keepsLedger, type ExplanationSpec, type Scope } from '../../shared/explanation/method'
import type { ProviderChoice } from '../../shared/explanation/provider'
import type { Point } from '../../shared/review/region'
import type { ImageId, Session, SessionId } from '../../shared/session'
import type { App } from './app'
import { neighbour, nextUnjudged } from './sessions'
import { tileAt } from './tiles'

/** What is to be explained now, from the session's view and the stage's scope. */
export function currentSpec(app: App): ExplanationSpec {
  const { method, parameters, target, composite, missing, start } = app.view.store.getState()
  return {
    method,
    parameters,
    ...(method === 'custom' && composite ? { composite } : {}),
    // Where nothing can be missing the choice would only make two of one explanation.
    ...(missing === 'gradient' && keepsLedger(method) ? { missing } : {}),
    target,
    // A gradient is that of the logit, however it starts.
    start: keepsLedger(method) ? start : 'logit',
    scope: app.stage.store.getState().scope,
  }
}

/** Asks for the explanation that the view describes. Colours play no part in it. */
export function explain(app: App): void {
  const { imageId } = app.sessions.store.getState()
  if (imageId !== null) void app.analysis.request(imageId, currentSpec(app))
}

/** What computes from now on. Results that do not suit it are computed again. */
export function chooseProvider(app: App, provider: ProviderChoice): void {
  app.settings.set({ provider })
  // Main goes by what is saved.
  app.settings.flush()
  app.analysis.forget()
  explain(app)
}

/** Takes the gradient wherever an operator has no rule, from now on in this session. */
export function takeGradientThere(app: App): void {
  app.view.set({ missing: 'gradient' })
  explain(app)
}

/** Asks for a composite file and explains by its rules; nothing changes when the user cancels. */
export async function chooseComposite(app: App): Promise<void> {
  try {
    const composite = await app.api.call('files.chooseComposite', undefined)
    if (!composite) return
    app.view.set({ method: 'custom', parameters: {}, composite })
    explain(app)
  } catch (thrown) {
    app.notices.fail(thrown)
  }
}

export function setScope(app: App, scope: Scope): void {
  app.stage.store.setState({ scope })
  explain(app)
}

/** Predicts and explains the tile under a point of the image. */
export function pickTile(app: App, point: Point): void {
  const { session, imageId } = app.sessions.store.getState()
  const image = session?.images.find(({ id }) => id === imageId)
  if (!session || !image || session.model.card.fit !== 'tile') return
  setScope(app, tileAt(point, session.model.card.input, image))
}

export function showImage(app: App, imageId: ImageId): void {
  const { session, imageId: before } = app.sessions.store.getState()
  if (!session || before === imageId) return
  app.sessions.show(imageId)
  app.stage.store.setState({ selectedId: null, scope: { kind: 'whole' } })
  // Another image has another top class: explaining the last one's by habit would mislead.
  const target = before === null ? app.view.store.getState().target : { kind: 'top' as const }
  app.view.set({ imageId, target })
  app.review.load(imageId).catch(app.notices.fail)
  const loaded = app.images.load(imageId)
  explain(app)
  const next = neighbour(session.images, imageId, 1)
  // So that the next image is there before it is asked for.
  if (next !== null) void loaded.then(() => app.images.load(next))
}

export function enterSession(app: App, session: Session): void {
  app.analysis.clear()
  app.review.forget()
  app.stage.views.clear()
  app.stage.store.setState({ tool: 'select', selectedId: null, scope: { kind: 'whole' } })
  app.sessions.take(session)
  app.sessions.show(null)
  app.view.load(session.id, session.view)
  app.navigation.go('review')
  const wanted = session.images.find(({ id }) => id === session.view.imageId)
  const first = wanted ?? session.images[0]
  if (first) showImage(app, first.id)
  void app.traits.load(session.id)
}

export async function openSession(app: App, id: SessionId): Promise<void> {
  try {
    app.view.flush()
    enterSession(app, await app.sessions.open(id))
  } catch (thrown) {
    app.notices.fail(thrown)
  }
}

export function leaveSession(app: App): void {
  app.view.flush()
  app.analysis.clear()
  app.navigation.go('start')
  app.sessions.refresh().catch(app.notices.fail)
}

export async function createSession(app: App): Promise<void> {
  const draft = app.draft.store.getState()
  const { card, inspection } = draft
  if (!card || !inspection) return
  try {
    const { session, refused } = await app.sessions.runImport(draft.images.length, (jobId) =>
      app.api.call('sessions.create', {
        jobId,
        name: draft.name.trim(),
        model: inspection.token,
        card,
        images: draft.images.map(({ token }) => token),
        missing: draft.missing,
      }),
    )
    app.draft.reset()
    enterSession(app, session)
    if (refused.length > 0) app.navigation.open('add-images')
  } catch (thrown) {
    app.notices.fail(thrown)
  }
}

/** Adds images to the open session; what could not be read is listed. */
export async function addImages(
  app: App,
  files: Parameters<App['sessions']['addImages']>[0],
): Promise<void> {
  if (files.length === 0) return
  app.navigation.open('add-images')
  try {
    const added = await app.sessions.addImages(files)
    const { refused, session, imageId } = app.sessions.store.getState()
    if (refused.length === 0) app.navigation.close()
    app.notices.tell(`${added} ${added === 1 ? 'image was' : 'images were'} added.`, {
      tone: 'good',
    })
    const first = session?.images[0]
    if (imageId === null && first) showImage(app, first.id)
  } catch (thrown) {
    app.navigation.close()
    app.notices.fail(thrown)
  }
}

export function step(app: App, by: number): void {
  const { session, imageId } = app.sessions.store.getState()
  const next = neighbour(session?.images ?? [], imageId, by)
  if (next !== null) showImage(app, next)
}

/** The verdict is saved already: this only moves on, or says why it cannot. */
export function confirmAndNext(app: App): void {
  const { session, imageId } = app.sessions.store.getState()
  if (!session || imageId === null) return
  const verdict = app.review.store.getState().entries.get(imageId)?.shown.review.verdict
  if (!verdict?.decision) {
    app.notices.tell('Say first whether you agree, disagree or are unsure.', {
      hint: 'Keys Y, N and U do the same.',
    })
    return
  }
  const next = nextUnjudged(session.images, imageId)
  if (next !== null) {
    showImage(app, next)
    return
  }
  const count = session.images.length
  app.notices.tell(count === 1 ? 'The image is judged.' : `All ${count} images are judged.`, {
    tone: 'good',
    hint: 'The report can be made now.',
    actionId: 'report.open',
  })
}

/** Writes what still waits; called when the window goes. */
export function flush(app: App): void {
  app.view.flush()
  app.settings.flush()
}
