import { crc32 } from 'node:zlib'

export interface PngHeader {
  readonly width: number
  readonly height: number
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number
  readonly interlaced: boolean
}

export interface PngChunks {
  readonly header: PngHeader
  /** Red, green, blue a colour. */
  readonly palette: Uint8Array | null
  readonly transparency: Uint8Array | null
  /** The compressed scan lines, in file order. */
  readonly data: readonly Uint8Array[]
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const depthsOf = new Map<number, readonly number[]>([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((value, index) => bytes[index] === value)
}

/**
 * The header alone, so that a size can be refused before anything is inflated.
 * @throws Error when this is not the start of a valid PNG.
 */
export function readPngHeader(bytes: Uint8Array): PngHeader {
  const view = viewOf(bytes)
  if (
    !isPng(bytes) ||
    bytes.length < 33 ||
    typeAt(bytes, 12) !== 'IHDR' ||
    view.getUint32(8) !== 13
  )
    throw new Error('no IHDR')
  checkCrc(bytes, 8, 13)
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: view.getUint8(24),
    colourType: view.getUint8(25),
    interlaced: view.getUint8(28) === 1,
  }
  if (!depthsOf.get(header.colourType)?.includes(header.depth))
    throw new Error(`colour type ${header.colourType} with ${header.depth} bits`)
  if (view.getUint8(26) !== 0 || view.getUint8(27) !== 0 || view.getUint8(28) > 1)
    throw new Error('unknown compression, filter or interlace method')
  return header
}

/**
 * The chunks that make the pixels, each checked against its CRC. Ancillary chunks are skipped unread:
 * a colour profile or compressed text may hide a bomb and changes no pixel here.
 * @throws Error when a chunk is damaged or the file ends before IEND.
 */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  const header = readPngHeader(bytes)
  const view = viewOf(bytes)
  const data: Uint8Array[] = []
  let palette: Uint8Array | null = null
  let transparency: Uint8Array | null = null
  for (let offset = 33; offset + 12 <= bytes.length;) {
    const length = view.getUint32(offset)
    const type = typeAt(bytes, offset + 4)
    if (offset + 12 + length > bytes.length) throw new Error(`${type} ends after the file`)
    const body = bytes.subarray(offset + 8, offset + 8 + length)
    if (type === 'IEND') return { header, palette, transparency, data }
    if (type === 'PLTE' || type === 'tRNS' || type === 'IDAT') checkCrc(bytes, offset, length)
    if (type === 'PLTE') palette = body
    else if (type === 'tRNS') transparency = body
    else if (type === 'IDAT') data.push(body)
    else if (isCritical(type)) throw new Error(`unknown critical chunk ${type}`)
    offset += 12 + length
  }
  throw new Error('no IEND')
}

/** The standard marks chunks that must be understood by an upper-case first letter. */
function isCritical(type: string): boolean {
  return type.charCodeAt(0) < 0x60
}

function checkCrc(bytes: Uint8Array, offset: number, length: number): void {
  const stored = viewOf(bytes).getUint32(offset + 8 + length)
  if (crc32(bytes.subarray(offset + 4, offset + 8 + length)) !== stored)
    throw new Error(`wrong CRC of ${typeAt(bytes, offset + 4)}`)
}

function typeAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
