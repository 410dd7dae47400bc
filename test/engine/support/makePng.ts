import { crc32, deflateSync } from 'node:zlib'

export interface PngRecipe {
  readonly width: number
  readonly height: number
  readonly depth: 1 | 2 | 4 | 8 | 16
  readonly colourType: 0 | 2 | 3 | 4 | 6
  /** Sample values, row by row, as stored (0 … 2^depth − 1). */
  readonly samples: readonly number[]
  readonly interlaced?: boolean
  readonly palette?: readonly number[]
  readonly transparency?: readonly number[]
}

const channelsOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** A PNG written from the specification, lines unfiltered: the slow twin of the decoder under test. */
export function makePng(recipe: PngRecipe): Uint8Array {
  const { width, height, depth, colourType, interlaced = false, palette, transparency } = recipe
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8)
  return pngOf([
    ['IHDR', header],
    ...(palette ? [['PLTE', Uint8Array.from(palette)] as const] : []),
    ...(transparency ? [['tRNS', Uint8Array.from(transparency)] as const] : []),
    ['IDAT', deflateSync(Buffer.concat(linesOf(recipe)))],
    ['IEND', new Uint8Array()],
  ])
}

export function pngOf(chunks: readonly (readonly [type: string, body: Uint8Array])[]): Uint8Array {
  const parts = chunks.map(([type, body]) => {
    const chunk = Buffer.alloc(12 + body.length)
    chunk.writeUInt32BE(body.length, 0)
    chunk.write(type, 4, 'latin1')
    chunk.set(body, 8)
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length)
    return chunk
  })
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts])
}

function linesOf({ width, height, depth, colourType, samples, interlaced }: PngRecipe): Buffer[] {
  const channels = channelsOf[colourType]
  return (interlaced ? passes : [[0, 0, 1, 1] as const]).flatMap(([x0, y0, dx, dy]) => {
    const lines: Buffer[] = []
    for (let y = y0; y < height; y += dy) {
      const bits: string[] = []
      for (let x = x0; x < width; x += dx)
        for (let c = 0; c < channels; c++) {
          const value = samples[(y * width + x) * channels + c] ?? 0
          bits.push(value.toString(2).padStart(depth, '0'))
        }
      if (bits.length === 0) continue
      const text = bits.join('')
      const bytes = Buffer.alloc(1 + Math.ceil(text.length / 8))
      for (let i = 1; i < bytes.length; i++)
        bytes[i] = Number.parseInt(text.slice((i - 1) * 8, i * 8).padEnd(8, '0'), 2)
      lines.push(bytes)
    }
    return lines
  })
}
