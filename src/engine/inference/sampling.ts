import { tileStride, type ModelCard } from '../../shared/card'
import { AppError } from '../../shared/errors'
import type { Scope } from '../../shared/explanation/method'
import type { ImageRect, Prediction } from '../../shared/explanation/result'
import { crop, type Raster } from '../images/raster'
import { resize } from '../images/resize'
import { clampTile, planTiles, type TileOrigin } from '../tiles/plan'
import { channelCount, describePreprocessing, preprocess } from './preprocess'

/** How an image meets a network's input: one sample, or one for each tile. */
export interface Sampling {
  readonly scope: Scope
  readonly count: number
  /** Floats of one sample. */
  readonly sampleSize: number
  /** Writes sample `index` to the start of `out`. */
  readonly fill: (index: number, out: Float32Array) => void
  readonly map: MapGeometry
  /** The part of the image that the samples see together. */
  readonly region: ImageRect
  readonly tiling: Prediction['tiling']
  readonly conventions: readonly { readonly name: string; readonly value: string }[]
}

/** Where the relevance of each sample lies on the map of all of them. */
export interface MapGeometry {
  readonly channels: number
  /** Of the map, in its own pixels. */
  readonly width: number
  readonly height: number
  /** Of one sample. */
  readonly sample: { readonly width: number; readonly height: number }
  readonly layout: 'NCHW' | 'NHWC'
  /** Upper left corner of sample `index`, in pixels of the map. */
  readonly origin: (index: number) => TileOrigin
}

/** @throws AppError `invalid-input` when a tile is asked of a model that sees whole images. */
export function sampleImage(image: Raster, card: ModelCard, scope: Scope): Sampling {
  if (card.fit === 'tile') return sampleTiles(image, card, scope)
  if (scope.kind === 'tile')
    throw new AppError(
      'invalid-input',
      'This model sees the whole image at once, so there is no tile to ask about.',
      'Ask about the whole image.',
    )
  return sampleWhole(image, card, scope)
}

function sampleWhole(image: Raster, { input }: ModelCard, scope: Scope): Sampling {
  const same = image.width === input.width && image.height === input.height
  return {
    scope,
    count: 1,
    sampleSize: channelCount(input) * input.width * input.height,
    fill: (_index, out) => preprocess(resize(image, input.width, input.height), input, out),
    map: {
      channels: channelCount(input),
      width: input.width,
      height: input.height,
      sample: input,
      layout: input.layout,
      origin: () => ({ x: 0, y: 0 }),
    },
    region: { x: 0, y: 0, width: image.width, height: image.height },
    tiling: null,
    conventions: [
      { name: 'preprocessing', value: describePreprocessing(input) },
      {
        name: 'fit',
        value: same
          ? 'the image has the size of the input'
          : `whole image warped from ${image.width}×${image.height} to ${input.width}×${input.height} px, ` +
            'bilinear with antialiasing as Pillow; relevance is in pixels of the input',
      },
    ],
  }
}

function sampleTiles(image: Raster, card: ModelCard, scope: Scope): Sampling {
  const { input } = card
  const whole = scope.kind === 'whole'
  const plan = whole ? planTiles(image, input, tileStride(card)) : null
  const tiles = plan?.tiles ?? [clampTile(tileOrigin(scope), image, input)]
  const first = tiles[0] ?? { x: 0, y: 0 }
  const region = whole
    ? { x: 0, y: 0, width: image.width, height: image.height }
    : insideImage(first, image, input)
  const padded = image.width < input.width || image.height < input.height
  const at = (index: number) => tiles[index] ?? first
  return {
    scope,
    count: tiles.length,
    sampleSize: channelCount(input) * input.width * input.height,
    fill: (index, out) =>
      preprocess(
        crop(image, { ...at(index), width: input.width, height: input.height }),
        input,
        out,
      ),
    map: {
      channels: channelCount(input),
      width: region.width,
      height: region.height,
      sample: input,
      layout: input.layout,
      origin: (index) => ({ x: at(index).x - region.x, y: at(index).y - region.y }),
    },
    region,
    tiling: plan
      ? { count: tiles.length, width: input.width, height: input.height, stride: plan.stride }
      : null,
    conventions: [
      { name: 'preprocessing', value: describePreprocessing(input) },
      {
        name: 'tiling',
        value: plan
          ? `mean over ${tiles.length} overlapping tiles of ${input.width}×${input.height} px, ${plan.stride} px apart, ` +
            'the last ones aligned to the border; each pixel has the mean over the tiles that cover it ' +
            '(Bach et al. 2015, Fig 6); start relevance, ledger, logits and probabilities are means over the tiles; ' +
            'the sum of the map is larger than that of one tile, about as the image is larger than a tile'
          : `one tile of ${input.width}×${input.height} px at its native resolution`,
      },
      ...(padded
        ? [
            {
              name: 'padding',
              value:
                'the image is smaller than the input: it lies in the middle, its border pixels are repeated, ' +
                'and the relevance of the repetition is left out',
            },
          ]
        : []),
    ],
  }
}

function tileOrigin(scope: Scope): TileOrigin {
  return scope.kind === 'tile' ? scope : { x: 0, y: 0 }
}

function insideImage(
  origin: TileOrigin,
  image: { readonly width: number; readonly height: number },
  tile: { readonly width: number; readonly height: number },
): ImageRect {
  return {
    x: Math.max(0, origin.x),
    y: Math.max(0, origin.y),
    width: Math.min(tile.width, image.width),
    height: Math.min(tile.height, image.height),
  }
}

/**
 * A ready-made input, fed as it is: the first dimension must be a batch of 1.
 * @param layout as the card says; guessed from the shape where there is none.
 */
export function sampleArray(
  shape: readonly number[],
  data: Float32Array,
  layout?: MapGeometry['layout'],
): Sampling {
  // Without four dimensions there is no picture: the map is one row.
  const [, channels = 1, height = 1, width = data.length] =
    shape.length === 4 ? shape : [1, 1, 1, data.length]
  // Three numbers last and not second: channels last.
  const looksLast = ![1, 3].includes(channels) && [1, 3].includes(width)
  const last = shape.length === 4 && (layout ? layout === 'NHWC' : looksLast)
  const size = last
    ? { channels: width, width: height, height: channels }
    : { channels, width, height }
  return {
    scope: { kind: 'whole' },
    count: 1,
    sampleSize: data.length,
    fill: (_index, out) => out.set(data),
    map: {
      ...size,
      sample: size,
      layout: last ? 'NHWC' : 'NCHW',
      origin: () => ({ x: 0, y: 0 }),
    },
    region: { x: 0, y: 0, width: size.width, height: size.height },
    tiling: null,
    conventions: [{ name: 'preprocessing', value: 'none: the array is fed as it is' }],
  }
}
