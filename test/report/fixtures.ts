import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelCardSchema } from '../../src/shared/card'
import { legendRange, pixelRelevance } from '../../src/shared/colour/heatmap'
import { explanationResultSchema } from '../../src/shared/explanation/result'
import type { ReportImageFile } from '../../src/shared/ipc/report'
import { reportModelSchema, type ReportModel } from '../../src/shared/report/model'
import { emptyVerdict } from '../../src/shared/review/verdict'

const samples = join(import.meta.dirname, '../../assets/samples')
const imagePath = join(samples, 'ihc/ihc.png')
const side = 512

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export const imageId = '0b7b2f4e-3c2b-4a55-8d6c-111111111111'

/** Smooth invented relevance with both signs: one channel, 512 × 512. */
function inventedRelevance(): Float32Array {
  return Float32Array.from({ length: side * side }, (_, index) => {
    const x = index % side
    const y = Math.floor(index / side)
    const hill = Math.exp(-((x - 170) ** 2 + (y - 180) ** 2) / 9000)
    const hollow = Math.exp(-((x - 400) ** 2 + (y - 330) ** 2) / 5000)
    const grain = 0.5 + 0.5 * Math.sin(x / 3) * Math.cos(y / 4)
    return 4e-5 * grain * (hill - 0.7 * hollow)
  })
}

const layers = ['conv1', 'bn1', 'pool1', 'block1.conv1', 'block1.conv2', 'block1.add', 'fc']

function inventedResult() {
  const card = modelCardSchema.parse(
    JSON.parse(readFileSync(join(samples, 'ihc/ihc-dab.card.json'), 'utf8')),
  )
  const logits = [5.214, -1.302, 2.781]
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
  const scores = logits
    .map((logit, index) => ({
      index,
      label: card.labels[index] ?? '',
      logit,
      probability: Math.exp(logit) / total,
    }))
    .toSorted((a, b) => b.logit - a.logit)
  const region = { x: 0, y: 0, width: side, height: side }
  return explanationResultSchema.parse({
    schema: 'pixelwise-explanation/1',
    spec: {
      method: 'epsilon-plus-flat',
      parameters: { epsilon: 1e-6 },
      target: { kind: 'top' },
      start: 'logit',
      scope: { kind: 'whole' },
    },
    prediction: {
      scope: { kind: 'whole' },
      logits,
      top: scores,
      region,
      tiling: { count: 841, width: 64, height: 64, stride: 16 },
      provider: 'cpu',
      forwardMs: 412,
    },
    explained: scores[0],
    against: null,
    shape: [1, side, side],
    region,
    startRelevance: 5.214,
    sumRelevance: 4.871,
    ledger: {
      entries: layers.map((node, index) => ({
        node: `/${node}/${node}`,
        operator: index === layers.length - 1 ? 'Gemm' : 'Conv',
        rule: index === 0 ? 'flat' : 'z-plus',
        relevanceOut: 5.2 - index * 0.04,
        relevanceIn: 5.16 - index * 0.04,
        bias: index % 2 === 0 ? 0.04 : 0,
        stabiliser: 3.1e-7,
        unexplained: 0,
        residual: 2.4e-8 * (index + 1),
        relativeResidual: 1.1e-8 * (index + 1),
      })),
      largestResidual: 7.7e-8,
      tolerance: 1e-4,
      balanced: true,
    },
    conventions: [
      { name: 'stabiliser', value: 'z + ε·sign(z), sign(0) = +1' },
      { name: 'z-plus', value: 'a⁺w⁺ + a⁻w⁻ over the positive part; the bias takes no part' },
      { name: 'max pooling', value: 'winner takes all; the first on a tie' },
      { name: 'batch normalisation', value: 'folded into the convolution before it' },
    ],
    model: {
      name: card.name,
      version: card.version,
      sha256: card.sha256,
      cardSha256: 'c'.repeat(64),
    },
    input: { sha256: hashOf(readFileSync(imagePath)), width: side, height: side },
    provider: 'cpu',
    threads: 2,
    milliseconds: { compile: 212.4, forward: 412, explanation: 1630 },
    versions: { 'onnxruntime-node': '1.30.0', node: '20.20.2', pixelwise: '0.1.0' },
  })
}

export interface Fixture {
  readonly model: ReportModel
  readonly images: readonly ReportImageFile[]
}

/** A realistic report on the IHC sample; the explanation is invented but valid. */
export function ihcReport(folder: string): Fixture {
  const card = modelCardSchema.parse(
    JSON.parse(readFileSync(join(samples, 'ihc/ihc-dab.card.json'), 'utf8')),
  )
  const relevance = inventedRelevance()
  const relevanceBytes = new Uint8Array(relevance.buffer)
  mkdirSync(folder, { recursive: true })
  const relevancePath = join(folder, 'relevance.f32')
  writeFileSync(relevancePath, relevanceBytes)
  const result = inventedResult()
  const { range } = legendRange(pixelRelevance(relevance, result.shape).values, 'percentile')
  const createdAt = '2026-07-14T10:42:07.000Z'
  const model = reportModelSchema.parse({
    schema: 'pixelwise-report/1',
    id: '7d0a2c66-5a1f-4c33-9a54-222222222222',
    createdAt,
    program: { name: 'Pixelwise', version: '0.1.0' },
    session: { id: '5f6c1e0a-98f4-4e7f-8f0a-333333333333', name: 'IHC colon, demonstration' },
    reviewer: 'Dr. Änne Müller-Groß',
    model: {
      card,
      fileName: 'ihc-dab.onnx',
      sha256: card.sha256,
      cardSha256: 'c'.repeat(64),
    },
    images: [
      {
        id: imageId,
        name: 'ihc.png',
        sha256: result.input.sha256,
        width: side,
        height: side,
        review: {
          regions: inventedRegions(createdAt),
          verdict: {
            decision: 'disagree',
            correctClass: 2,
            confidence: 4,
            plausible: 'partly',
            comment:
              'Brown cytoplasm of the glands, as expected.\nThe edge of gland 3 is folded; the map follows the fold, not the stain.',
          },
        },
        explanation: {
          result,
          relevanceSha256: hashOf(relevanceBytes),
          view: {
            colourMap: 'blue-white-red',
            opacity: 0.7,
            threshold: 0.05,
            sign: 'both',
            normalisation: 'percentile',
            range,
          },
          evidence: [
            { area: 20735, areaShare: 0.0791, positiveShare: 0.31, negativeShare: 0.04 },
            { area: 9408, areaShare: 0.0359, positiveShare: 0.006, negativeShare: 0.22 },
            { area: 5240, areaShare: 0.02, positiveShare: 0.02, negativeShare: null },
            { area: 1, areaShare: 3.8e-6, positiveShare: 1e-5, negativeShare: 0 },
          ],
        },
      },
    ],
    audit: { entries: 17, head: 'd'.repeat(64), intact: true },
  })
  return {
    model,
    images: model.images.map(({ id }) => ({ imageId: id, path: imagePath, relevancePath })),
  }
}

function inventedRegions(createdAt: string) {
  const common = { note: '', createdAt }
  return [
    {
      ...common,
      id: '00000000-0000-4000-8000-000000000001',
      label: 'Gland 1',
      colour: '#ffd75e',
      note: 'Well differentiated; strong DAB.',
      geometry: { kind: 'ellipse', x: 108, y: 114, width: 140, height: 130 },
    },
    {
      ...common,
      id: '00000000-0000-4000-8000-000000000002',
      label: 'Stroma',
      colour: '#6fd8f0',
      geometry: { kind: 'rectangle', x: 320, y: 300, width: 104, height: 90 },
    },
    {
      ...common,
      id: '00000000-0000-4000-8000-000000000003',
      label: '',
      colour: '#8be28b',
      geometry: {
        kind: 'polygon',
        points: [
          { x: 30, y: 400 },
          { x: 120, y: 380 },
          { x: 140, y: 470 },
          { x: 60, y: 500 },
        ],
      },
    },
    {
      ...common,
      id: '00000000-0000-4000-8000-000000000004',
      label: 'Mitosis?',
      colour: '#ff8fc7',
      geometry: { kind: 'point', x: 455, y: 60 },
    },
  ]
}

/** The fixture with one image as `change` makes it. */
export function withImage(
  fixture: Fixture,
  change: (image: ReportModel['images'][number]) => unknown,
): Fixture {
  const [first] = fixture.model.images
  if (!first) throw new Error('The fixture has an image.')
  return {
    ...fixture,
    model: reportModelSchema.parse({ ...fixture.model, images: [change(first)] }),
  }
}

export const nothingSaid = { regions: [], verdict: emptyVerdict }
