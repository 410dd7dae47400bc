import { basename } from 'node:path'
import type { z } from 'zod'
import type { ModelCard } from '../shared/card'
import { AppError } from '../shared/errors'
import type { Coverage } from '../shared/explanation/coverage'
import type { Scope } from '../shared/explanation/method'
import type { ProviderChoice } from '../shared/explanation/provider'
import type { engineImageSchema, engineMethods, EngineModel } from '../shared/ipc/engine'
import type { Handlers } from '../shared/ipc/serve'
import { createAnalysis } from './analysis'
import { sha256Of } from './files'
import { encodePng } from './images/png'
import { readImage, type ImageFile } from './images/readImage'
import { thumbnail } from './images/resize'
import { findCard } from './inference/cardFile'
import type { Compiler } from './inference/compiler'
import { createFileCache } from './inference/fileCache'
import { readModel, type ModelFile } from './inference/modelFile'
import { choicesOf, defaultMethod, inspect, inspectWithCard } from './inference/inspect'
import { inputBounds } from './inference/preprocess'
import { proposeCard } from './inference/proposeCard'
import { sampleImage } from './inference/sampling'
import type { Subject } from './inference/subject'

type EngineImage = z.infer<typeof engineImageSchema>

export interface Engine {
  readonly handlers: Handlers<typeof engineMethods>
  /** Frees all sessions. */
  release(): Promise<void>
}

/**
 * Answers the engine's methods. Files are read and hashed here, and a file that is no longer the one
 * that the session recorded is refused. Not for concurrent use: `serve` asks one thing at a time.
 */
export function createEngine(compiler: Compiler): Engine {
  const analysis = createAnalysis(compiler)
  const models = createFileCache(1, readModel, (model) => model.files)
  const images = createFileCache(1, readImage)
  let checked = ''

  async function subjectOf(
    model: EngineModel,
    image: EngineImage,
    scope: Scope,
    provider: ProviderChoice = 'cpu',
  ): Promise<Subject> {
    const modelFile = await models(model.path)
    checkModelUnchanged(model, modelFile)
    const cardText = JSON.stringify(model.card)
    const check = `${modelFile.sha256} ${cardText}`
    if (checked !== check) {
      await inspectWithCard(compiler, modelFile, model.card)
      checked = check
    }
    const imageFile = await images(image.path)
    checkImageUnchanged(image, imageFile)
    const described = subject(modelFile, model, cardText, imageFile, scope)
    return { ...described, choices: { ...described.choices, runtime: { provider } } }
  }

  /** What the gradient would make of missing rules; null where none is missing. */
  async function coverageByGradient(
    file: ModelFile,
    coverage: Coverage,
    card: ModelCard,
  ): Promise<Coverage | null> {
    if (coverage.supported) return null
    const method = card.method ?? defaultMethod
    return (await inspect(compiler, file, { method, missing: 'gradient' }, choicesOf(card)))
      .coverage
  }

  return {
    release: analysis.release,
    handlers: {
      async inspectModel({ path, output }) {
        const file = await models(path)
        const found = await findCard(path)
        const base = { fileName: file.name, sha256: file.sha256, bytes: file.size }
        if (found) {
          const { coverage } = await inspectWithCard(compiler, file, found.card)
          return {
            ...base,
            coverage,
            byGradient: await coverageByGradient(file, coverage, found.card),
            origin: 'found' as const,
            card: found.card,
            cardSha256: found.sha256,
            doubts: [],
            classOutputs: [found.card.output.name],
          }
        }
        const names = { outputName: output }
        const graph = await inspect(compiler, file, defaultMethod, names)
        // Only a model that can be run tells how many classes it has.
        const runnable = graph.coverage.supported
          ? graph
          : await inspect(compiler, file, { method: defaultMethod, missing: 'gradient' }, names)
        const { card, doubts } = proposeCard(file.name, file.sha256, runnable)
        const { coverage } =
          card.method === undefined
            ? graph
            : await inspect(compiler, file, card.method, choicesOf(card))
        return {
          ...base,
          coverage,
          byGradient: await coverageByGradient(file, coverage, card),
          origin: 'proposed' as const,
          card,
          cardSha256: sha256Of(JSON.stringify(card)),
          doubts: [...doubts],
          classOutputs: [...graph.classOutputs],
        }
      },

      async inspectImage({ path, thumbnailSize }) {
        const { raster, sha256, bytes } = await images(path)
        const small = thumbnail(raster, thumbnailSize)
        return {
          sha256,
          bytes,
          width: raster.width,
          height: raster.height,
          thumbnail: encodePng(small.width, small.height, small.rgb),
        }
      },

      predict: async ({ model, image, scope, provider }, { progress }) =>
        analysis.predict(await subjectOf(model, image, scope, provider), progress),

      explain: async ({ model, image, spec, provider }, { progress }) => {
        const asked = await subjectOf(model, image, spec.scope, provider)
        const { result, relevance } = await analysis.explain(asked, spec, progress)
        return { result, relevance }
      },
    },
  }
}

function subject(
  model: ModelFile,
  {
    card,
    cardSha256,
  }: { readonly card: ModelCard; readonly cardSha256: EngineModel['cardSha256'] },
  key: string,
  image: ImageFile,
  scope: Scope,
): Subject {
  const { raster, sha256 } = image
  return {
    model,
    name: card.name,
    version: card.version,
    cardSha256,
    labels: card.labels,
    bounds: inputBounds(card.input),
    sampling: sampleImage(raster, card, scope),
    choices: choicesOf(card),
    input: { sha256, width: raster.width, height: raster.height },
    key,
  }
}

function checkModelUnchanged(model: EngineModel, file: ModelFile): void {
  if (model.sha256 === null || model.sha256 === file.sha256) return
  throw new AppError(
    'invalid-model',
    `The model “${basename(model.path)}” changed since the session was made; the review is kept as it was.`,
    'Put the original file back, or make a new session with the changed one.',
  )
}

function checkImageUnchanged(image: EngineImage, file: ImageFile): void {
  if (image.sha256 === null || image.sha256 === file.sha256) return
  throw new AppError(
    'invalid-image',
    `The image “${basename(image.path)}” changed since the session was made; the review is kept as it was.`,
    'Put the original file back, or make a new session with the changed one.',
  )
}
