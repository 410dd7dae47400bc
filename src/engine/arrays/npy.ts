import { AppError } from '../../shared/errors'

/** A NumPy array of float32 in C order. */
export interface NpyArray {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** A header says one dtype and one shape; more than this is not a header. */
const longestHeader = 65_536
const alignment = 64

export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((value, index) => bytes[index] === value)
}

/**
 * Reads a .npy file (format 1, 2 or 3) of little-endian float32 or float64; float64 is rounded to float32.
 * @throws AppError `invalid-input` when the file is anything else, or does not hold what its header says.
 */
export function readNpy(bytes: Uint8Array, name = 'the array'): NpyArray {
  if (!isNpy(bytes)) throw refused(name, 'is not a NumPy .npy file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { text, dataStart } = headerText(bytes, view, name)
  const { descr, fortranOrder, shape } = parseHeader(text, name)
  if (fortranOrder && shape.length > 1)
    throw refused(name, 'is stored in Fortran order', 'Save it with numpy.ascontiguousarray first.')
  const width = descr === '<f4' ? 4 : descr === '<f8' ? 8 : 0
  if (width === 0)
    throw refused(name, `holds ${descr}, not float32`, 'Save it with .astype("float32").')

  const count = shape.reduce((product, size) => product * size, 1)
  if (!Number.isSafeInteger(count) || bytes.length - dataStart !== count * width)
    throw refused(
      name,
      `says shape (${shape.join(', ')}) but holds ${bytes.length - dataStart} bytes of data`,
    )
  const data = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const offset = dataStart + i * width
    data[i] = width === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true)
  }
  return { shape, data }
}

/** A float32 .npy file, format 1.0, its data aligned to 64 bytes as NumPy writes it. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length)
    throw new RangeError(`shape (${shape.join(', ')}) for ${data.length} values`)
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`
  const headerLength = Math.ceil((10 + dictionary.length + 1) / alignment) * alignment - 10
  const bytes = new Uint8Array(10 + headerLength + count * 4)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  bytes.set([1, 0], 6)
  view.setUint16(8, headerLength, true)
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), 10)
  for (let i = 0; i < count; i++) view.setFloat32(10 + headerLength + i * 4, data[i] ?? 0, true)
  return bytes
}

function headerText(bytes: Uint8Array, view: DataView, name: string) {
  const major = bytes[6] ?? 0
  if (major < 1 || major > 3) throw refused(name, `uses .npy format ${major}`)
  const start = major === 1 ? 10 : 12
  if (bytes.length < start) throw refused(name, 'ends inside its header')
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestHeader || start + length > bytes.length)
    throw refused(name, 'ends inside its header')
  return {
    text: new TextDecoder('utf-8').decode(bytes.subarray(start, start + length)),
    dataStart: start + length,
  }
}

/** The header is a Python dictionary literal; only the three entries that the format allows are read. */
function parseHeader(text: string, name: string) {
  const descr = /'descr'\s*:\s*'([^']{1,16})'/.exec(text)?.[1]
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1]
  const tuple = /'shape'\s*:\s*\(([\d,\s]{0,200})\)/.exec(text)?.[1]
  if (descr === undefined || order === undefined || tuple === undefined)
    throw refused(name, 'has no valid header', 'Only plain arrays are read, not records.')
  const shape = tuple
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number)
  if (!shape.every(Number.isSafeInteger)) throw refused(name, 'has no valid shape')
  return { descr, fortranOrder: order === 'True', shape }
}

function refused(name: string, what: string, hint = 'Save a float32 array with numpy.save.') {
  return new AppError('invalid-input', `“${name}” ${what}; it was not used.`, hint)
}
