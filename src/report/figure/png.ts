import { convertIndexedToRgb, decode, encode, type DecodedPng } from 'fast-png'

/** As the engine: larger images are not decoded into memory. */
const largestPixels = 100_000_000

export function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47].every((byte, index) => bytes[index] === byte)
}

/**
 * A PNG as a PDF can hold it without decoding: opaque and not interlaced.
 * Transparent pixels show white, as on paper; what is opaque already comes back as it is.
 * @throws Error when the file is damaged or larger than 100 megapixels.
 */
export function opaquePng(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const pixels = view.getUint32(16) * view.getUint32(20)
  const colourType = view.getUint8(25)
  const interlaced = view.getUint8(28) === 1
  const hasAlpha = colourType === 4 || colourType === 6 || hasTransparency(view)
  if (!hasAlpha && !interlaced) return png
  if (pixels > largestPixels) throw new Error('it is too large')
  const decoded = decode(png)
  const { width, height } = decoded
  return encode({ width, height, channels: 3, depth: 8, data: onWhite(rgba(decoded)) })
}

function hasTransparency(view: DataView): boolean {
  let position = 8
  while (position + 8 <= view.byteLength) {
    const type = view.getUint32(position + 4)
    if (type === 0x74524e53) return true
    if (type === 0x49444154) return false
    position += 12 + view.getUint32(position)
  }
  return false
}

/** Eight bits a channel, four channels. */
function rgba(image: DecodedPng): Uint8Array {
  const palette = image.palette ?? (image.depth < 8 ? greys(image) : undefined)
  const source = palette
    ? {
        data: convertIndexedToRgb({ ...image, palette }),
        channels: palette[0]?.length ?? 3,
        depth: 8,
      }
    : image
  const { data, channels, depth } = source
  const opaque = 2 ** depth - 1
  const key = palette ? undefined : image.transparency
  const count = image.width * image.height
  const pixels = new Uint8Array(count * 4)
  for (let pixel = 0; pixel < count; pixel++) {
    const at = (channel: number) => data[pixel * channels + channel] ?? 0
    const colour = channels < 3 ? [at(0), at(0), at(0)] : [at(0), at(1), at(2)]
    const isKey = key?.every((value, channel) => colour[channel] === value) ?? false
    const alpha = isKey ? 0 : channels % 2 === 0 ? at(channels - 1) : opaque
    for (let channel = 0; channel < 4; channel++) {
      const value = (channel === 3 ? alpha : colour[channel]) ?? 0
      pixels[pixel * 4 + channel] = Math.round((value * 255) / opaque)
    }
  }
  return pixels
}

/** Packed greys of less than eight bits, as a palette with alpha. */
function greys({ depth, transparency }: DecodedPng): [number, number, number, number][] {
  const levels = 2 ** depth
  return Array.from({ length: levels }, (_, level) => {
    const grey = Math.round((level * 255) / (levels - 1))
    return [grey, grey, grey, transparency?.[0] === level ? 0 : 255]
  })
}

/** RGBA laid on white paper, as RGB. */
export function onWhite(pixels: Uint8Array | Uint8ClampedArray): Uint8Array {
  const count = pixels.length / 4
  const opaque = new Uint8Array(count * 3)
  for (let pixel = 0; pixel < count; pixel++) {
    const alpha = (pixels[pixel * 4 + 3] ?? 255) / 255
    for (let channel = 0; channel < 3; channel++) {
      const value = pixels[pixel * 4 + channel] ?? 0
      opaque[pixel * 3 + channel] = Math.round(255 + (value - 255) * alpha)
    }
  }
  return opaque
}
