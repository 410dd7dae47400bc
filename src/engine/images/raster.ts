/** An image in memory: 8 bits a channel, red, green, blue interleaved, rows from the top. */
export interface Raster {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** width·height·3 values, 0…255. */
  readonly rgb: Uint8Array
}

/**
 * The part of an image that a rectangle cuts out.
 * Pixels outside the image repeat its nearest border pixel, so that a tile is always full.
 */
export function crop(
  image: Raster,
  rect: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Raster {
  const rgb = new Uint8Array(rect.width * rect.height * 3)
  const inside =
    rect.x >= 0 &&
    rect.y >= 0 &&
    rect.x + rect.width <= image.width &&
    rect.y + rect.height <= image.height
  for (let row = 0; row < rect.height; row++) {
    const y = clamp(rect.y + row, 0, image.height - 1)
    const target = row * rect.width * 3
    if (inside) {
      const from = (y * image.width + rect.x) * 3
      rgb.set(image.rgb.subarray(from, from + rect.width * 3), target)
      continue
    }
    for (let column = 0; column < rect.width; column++) {
      const from = (y * image.width + clamp(rect.x + column, 0, image.width - 1)) * 3
      rgb.set(image.rgb.subarray(from, from + 3), target + column * 3)
    }
  }
  return { width: rect.width, height: rect.height, rgb }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
