import type { Orientation } from './exif'
import type { Raster } from './raster'

/** The size after turning: orientations 5…8 swap the sides. */
export function orientedSize(
  orientation: Orientation,
  size: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  return orientation >= 5
    ? { width: size.height, height: size.width }
    : { width: size.width, height: size.height }
}

/** Turns and mirrors an image as stored into the one to be seen (EXIF 2.3, tag 274). */
export function orient(image: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return image
  const { width, height } = orientedSize(orientation, image)
  const rgb = new Uint8Array(image.rgb.length)
  const swaps = orientation >= 5
  // Where row 0 and column 0 of the stored image lie: see the table of tag 274.
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = swaps ? y : x
      const row = swaps ? x : y
      const storedX = fromRight ? image.width - 1 - column : column
      const storedY = fromBottom ? image.height - 1 - row : row
      const from = (storedY * image.width + storedX) * 3
      const to = (y * width + x) * 3
      rgb[to] = image.rgb[from] ?? 0
      rgb[to + 1] = image.rgb[from + 1] ?? 0
      rgb[to + 2] = image.rgb[from + 2] ?? 0
    }
  }
  return { width, height, rgb }
}
