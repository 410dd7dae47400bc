import { exifOrientation, type Orientation } from './exif'

export interface JpegHeader {
  /** As stored, before the orientation is applied. */
  readonly width: number
  readonly height: number
  readonly bits: number
  /** 1 grey, 3 colour, 4 CMYK. */
  readonly components: number
  readonly lossless: boolean
  readonly orientation: Orientation
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/**
 * Walks the segments up to the frame header.
 * @throws Error when there is none.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let orientation: Orientation = 1
  let offset = 2
  while (offset + 4 <= bytes.length) {
    if (bytes[offset] !== 0xff) throw new Error(`no marker at ${offset}`)
    const marker = bytes[offset + 1] ?? 0
    // Fill bytes and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      offset += marker === 0xff ? 1 : 2
      continue
    }
    if (marker === 0xda || marker === 0xd9) break
    const length = view.getUint16(offset + 2)
    const body = bytes.subarray(offset + 4, offset + 2 + length)
    if (length < 2 || offset + 2 + length > bytes.length) break
    if (marker === 0xe1 && orientation === 1) orientation = exifOrientation(body)
    if (isFrame(marker)) {
      if (length < 8) break
      return {
        bits: body[0] ?? 0,
        height: view.getUint16(offset + 5),
        width: view.getUint16(offset + 7),
        components: body[5] ?? 0,
        lossless: marker % 4 === 3,
        orientation,
      }
    }
    offset += 2 + length
  }
  throw new Error('no frame header')
}

/** SOF0 … SOF15 without DHT, JPG and DAC, which share the range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}
