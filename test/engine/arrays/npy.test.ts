import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNpy, writeNpy } from '../../../src/engine/arrays/npy'
import { AppError } from '../../../src/shared/errors'

function file(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header)
  const lead = version === 1 ? 10 : 12
  const bytes = new Uint8Array(lead + text.length + data.length)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0])
  const view = new DataView(bytes.buffer)
  if (version === 1) view.setUint16(8, text.length, true)
  else view.setUint32(8, text.length, true)
  bytes.set(text, lead)
  bytes.set(data, lead + text.length)
  return bytes
}

const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)

describe('npy', () => {
  it('reads back what it wrote, bit for bit', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 64 }), (data) => {
        const read = readNpy(writeNpy([1, data.length], data))
        expect(read.shape).toEqual([1, data.length])
        expect(Array.from(read.data)).toEqual(Array.from(data))
      }),
    )
  })

  it('aligns its data to 64 bytes and ends its header with a line feed, as NumPy does', () => {
    const bytes = writeNpy([2], new Float32Array(2))
    const start = bytes.length - 8
    expect(start % 64).toBe(0)
    expect(bytes[start - 1]).toBe(0x0a)
    expect(new TextDecoder('latin1').decode(bytes)).toContain("'shape': (2,)")
  })

  it('reads formats 2 and 3, float64, scalars and vectors', () => {
    expect(readNpy(file(header('<f4', '(2,)'), floats(1, 2), 2)).data).toEqual(
      Float32Array.of(1, 2),
    )
    expect(readNpy(file(header('<f4', '()'), floats(7), 3))).toEqual({
      shape: [],
      data: Float32Array.of(7),
    })
    const doubles = new Uint8Array(Float64Array.of(0.1, -2).buffer)
    expect(readNpy(file(header('<f8', '(1, 2)'), doubles)).data).toEqual(Float32Array.of(0.1, -2))
  })

  it('reads arrays that do not begin on a four-byte boundary', () => {
    const bytes = file(`${header('<f4', '(2,)')} `, floats(3, 4))
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(readNpy(shifted.subarray(1)).data).toEqual(Float32Array.of(3, 4))
  })

  it.each([
    ['another file', new Uint8Array([1, 2, 3])],
    ['an empty file', new Uint8Array()],
    ['format 9', file(header('<f4', '(1,)'), floats(1), 9)],
    ['integers', file(header('<i4', '(1,)'), floats(1))],
    ['big endian', file(header('>f4', '(1,)'), floats(1))],
    ['Fortran order', file(header('<f4', '(1, 2)', 'True'), floats(1, 2))],
    ['too little data', file(header('<f4', '(3,)'), floats(1, 2))],
    ['too much data', file(header('<f4', '(1,)'), floats(1, 2))],
    ['an absurd shape', file(header('<f4', '(99999999999, 99999999999)'), floats(1))],
    ['a negative size', file(header('<f4', '(-1,)'), floats())],
    [
      'records',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", floats(1)),
    ],
    ['no dictionary', file('import os', floats(1))],
    ['a header behind the end', writeNpy([1], Float32Array.of(1)).subarray(0, 40)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('x.npy') }),
    )
  })

  it('never throws anything but an AppError, whatever is damaged', () => {
    const sound = writeNpy([1, 2, 2], Float32Array.of(1, 2, 3, 4))
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, value) => {
        const bytes = sound.slice()
        bytes[at] = value
        try {
          readNpy(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
