/**
 * A JPEG without its metadata: names, dates, places and comments that a camera or scanner wrote
 * do not belong into a report. Kept are the picture, its colour description (JFIF, ICC, Adobe) and
 * its orientation. Bytes that are no JPEG come back as they are.
 */
export function withoutMetadata(jpeg: Uint8Array): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return jpeg
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)]
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  let position = 2
  while (position + 4 <= jpeg.length && jpeg[position] === 0xff) {
    const marker = view.getUint8(position + 1)
    if (marker === 0xff) {
      position += 1
      continue
    }
    // Start of scan: from here on the picture itself.
    if (marker === 0xda) break
    const end = position + 2 + view.getUint16(position + 2)
    if (end > jpeg.length) break
    const segment = jpeg.subarray(position, end)
    if (marker === 0xe1) {
      const orientation = exifOrientation(segment.subarray(4))
      if (orientation !== 1) kept.push(orientationSegment(orientation))
    } else if (!isMetadata(marker)) {
      kept.push(segment)
    }
    position = end
  }
  kept.push(jpeg.subarray(position))
  return Buffer.concat(kept)
}

/** Application segments but JFIF (0), ICC (2) and Adobe (14), and comments. */
function isMetadata(marker: number): boolean {
  if (marker === 0xfe) return true
  return marker >= 0xe0 && marker <= 0xef && ![0xe0, 0xe2, 0xee].includes(marker)
}

/** 1…8 as EXIF counts them; 1 (upright) when the block says nothing. */
function exifOrientation(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (block.length < 16 || view.getUint32(0) !== 0x45786966) return 1
  const tiff = 6
  const little = view.getUint16(tiff) === 0x4949
  const directory = tiff + view.getUint32(tiff + 4, little)
  if (directory + 2 > block.length) return 1
  const entries = view.getUint16(directory, little)
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * 12
    if (entry + 12 > block.length) return 1
    if (view.getUint16(entry, little) !== 0x0112) continue
    const value = view.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** An EXIF segment that states the orientation and nothing else. */
function orientationSegment(orientation: number): Uint8Array {
  return Uint8Array.from([
    ...[0xff, 0xe1, 0x00, 0x22],
    ...[0x45, 0x78, 0x69, 0x66, 0x00, 0x00],
    ...[0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08],
    ...[0x00, 0x01],
    ...[0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
  ])
}
