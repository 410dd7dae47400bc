import { randomUUID } from 'node:crypto'
import { modelCardSchema } from '../../src/shared/card'
import type { ExplanationResult, Prediction } from '../../src/shared/explanation/result'
import { sha256Schema, type Sha256 } from '../../src/shared/hash'
import { regionSchema, type Geometry, type Region } from '../../src/shared/review/region'
import type { NewImage, NewSession } from '../../src/store'

export function sha(digit: string): Sha256 {
  return sha256Schema.parse(digit.repeat(64))
}

export const card = modelCardSchema.parse({
  name: 'Tissue',
  version: '1',
  labels: ['benign', 'malignant'],
  input: {
    name: 'x',
    width: 2,
    height: 2,
    layout: 'NCHW',
    channels: 'RGB',
    scale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  },
  output: { name: 'y', kind: 'logits' },
})

export function newImage(name: string, digit: string): NewImage {
  return {
    path: `/images/${name}`,
    name,
    sha256: sha(digit),
    width: 640,
    height: 480,
    bytes: 1234,
    thumbnail: new TextEncoder().encode(`thumbnail of ${name}`),
  }
}

export function newSession(changes: Partial<NewSession> = {}): NewSession {
  return {
    name: 'Ward 7',
    sample: false,
    model: {
      path: '/models/tissue.onnx',
      fileName: 'tissue.onnx',
      sha256: sha('a'),
      cardSha256: sha('b'),
      card,
    },
    images: [newImage('one.png', '1'), newImage('two.png', '2')],
    ...changes,
  }
}

export function region(changes: { id?: string; label?: string; geometry?: Geometry } = {}): Region {
  return regionSchema.parse({
    id: randomUUID(),
    geometry: { kind: 'rectangle', x: 10, y: 20.5, width: 30, height: 40 },
    label: '',
    colour: '#e69f00',
    note: '',
    createdAt: '2026-03-14T09:00:00.000Z',
    ...changes,
  })
}

export const prediction: Prediction = {
  scope: { kind: 'whole' },
  logits: [1.5, -0.25],
  top: [
    { index: 0, label: 'benign', logit: 1.5, probability: 0.85 },
    { index: 1, label: 'malignant', logit: -0.25, probability: 0.15 },
  ],
  region: { x: 0, y: 0, width: 640, height: 480 },
  tiling: null,
  provider: 'cpu',
  threads: 2,
  notices: [],
  forwardMs: 3,
}

/** An explanation of a 1×2×2 relevance array. */
export const result: ExplanationResult = {
  schema: 'pixelwise-explanation/1',
  spec: {
    method: 'epsilon-plus-flat',
    parameters: { epsilon: 1e-6 },
    target: { kind: 'top' },
    start: 'logit',
    scope: { kind: 'whole' },
  },
  prediction,
  explained: { index: 0, label: 'benign', logit: 1.5, probability: 0.85 },
  against: null,
  shape: [1, 2, 2],
  region: { x: 0, y: 0, width: 640, height: 480 },
  startRelevance: 1.5,
  sumRelevance: 1.5,
  ledger: null,
  conventions: [{ name: 'start', value: 'logit' }],
  model: { name: 'Tissue', version: '1', sha256: sha('a'), cardSha256: sha('b') },
  input: { sha256: sha('1'), width: 640, height: 480 },
  provider: 'cpu',
  threads: 2,
  notices: [],
  milliseconds: { compile: 1, forward: 2, explanation: 3 },
  versions: { pixelwise: '0.1.0' },
}

export const relevance = new Float32Array([0.1, -0.5, 1.4, 0.5])
