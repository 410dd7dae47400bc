import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import createModule, { type JpegModule } from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'
import { AppError } from '../../shared/errors'
import { readJpegHeader, type JpegHeader } from './jpegHeader'
import { checkSize, damaged } from './limits'
import { orient, orientedSize } from './orient'
import type { Raster } from './raster'

/** WebAssembly memory grows but never shrinks: after an image of this many pixels it is let go. */
const keepModuleBelow = 16_000_000

let loaded: Promise<JpegModule> | null = null

/** The size as it is seen, with the EXIF orientation applied. @throws AppError `invalid-image` */
export function jpegSize(bytes: Uint8Array, name: string): { width: number; height: number } {
  const header = headerOf(bytes, name)
  return orientedSize(header.orientation, header)
}

/**
 * Baseline and progressive JPEG, grey or colour, by libjpeg-turbo with its accurate defaults: the same
 * pixels as djpeg and Chromium. The EXIF orientation is applied; colour profiles are left out.
 * @throws AppError `invalid-image` when the file is damaged, cut short, too large, CMYK, lossless or not 8-bit.
 */
export async function decodeJpeg(bytes: Uint8Array, name: string): Promise<Raster> {
  const header = headerOf(bytes, name)
  checkSize(name, header.width, header.height)
  refuseUnusual(header, name)
  const codec = await (loaded ??= load())
  try {
    const decoder = new codec.JPEGDecoder()
    decoder.getEncodedBuffer(bytes.length).set(bytes)
    decoder.decode()
    const frame = decoder.getFrameInfo()
    const rgb = toRgb(decoder.getDecodedBuffer(), frame.width * frame.height, frame.componentCount)
    decoder.delete()
    if (header.width * header.height > keepModuleBelow) loaded = null
    return orient({ width: frame.width, height: frame.height, rgb }, header.orientation)
  } catch (error) {
    // The module throws addresses of C++ exceptions and promises nothing of its state afterwards:
    // it is let go as it is, with all of its memory.
    loaded = null
    throw damaged(name, 'JPEG', error)
  }
}

function load(): Promise<JpegModule> {
  const path = createRequire(import.meta.url).resolve(
    '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  )
  return createModule({ wasmBinary: readFileSync(path) })
}

function headerOf(bytes: Uint8Array, name: string): JpegHeader {
  try {
    return readJpegHeader(bytes)
  } catch (error) {
    throw damaged(name, 'JPEG', error)
  }
}

function refuseUnusual(header: JpegHeader, name: string): void {
  const kind =
    header.components === 4
      ? 'CMYK (print) colours'
      : header.lossless
        ? 'lossless JPEG compression'
        : header.bits !== 8
          ? `${header.bits} bits a colour`
          : null
  if (kind === null) return
  throw new AppError(
    'invalid-image',
    `“${name}” uses ${kind}, which is not read.`,
    'Save it as an 8-bit RGB PNG or JPEG.',
  )
}

function toRgb(pixels: Uint8ClampedArray, count: number, components: number): Uint8Array {
  if (pixels.length !== count * components) throw new Error(`${pixels.length} bytes`)
  if (components === 3) return new Uint8Array(pixels)
  const rgb = new Uint8Array(count * 3)
  for (let i = 0; i < count; i++) rgb.fill(pixels[i] ?? 0, i * 3, i * 3 + 3)
  return rgb
}
