/** EXIF orientation 1…8; 1 is upright. */
export type Orientation = number

/**
 * The orientation that a JPEG's EXIF block states, 1 when it has none or the block is damaged:
 * Chromium and other viewers turn the image by it, so the engine must as well.
 * @param block the APP1 segment's content, from "Exif\0\0" on.
 */
export function exifOrientation(block: Uint8Array): Orientation {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (block.length < 14 || view.getUint32(0) !== 0x45786966) return 1
  const tiff = 6
  const little = view.getUint16(tiff) === 0x4949
  const directory = tiff + view.getUint32(tiff + 4, little)
  if (directory + 2 > block.length) return 1
  const count = view.getUint16(directory, little)
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > block.length) return 1
    if (view.getUint16(entry, little) !== 0x0112) continue
    const value = view.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
