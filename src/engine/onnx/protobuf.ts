import type { Reader } from 'protobufjs/minimal.js'

export const wireVarint = 0
export const wireLength = 2

/** Calls `visit` for each field of the message that ends at `end`; what it does not read is skipped. */
export function eachField(
  reader: Reader,
  end: number,
  visit: (number: number, wireType: number) => boolean,
): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (!visit(tag >>> 3, tag & 7)) reader.skipType(tag & 7)
  }
  if (reader.pos !== end) throw new Error('a message runs over its end')
}

export function nested<T>(reader: Reader, read: (reader: Reader, end: number) => T): T {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new Error('a message runs over the end of the file')
  return read(reader, end)
}

/** An int64 as a number; sizes and indices beyond 2^53 cannot be meant. */
export function integer(reader: Reader): number {
  const value = Number(reader.int64())
  if (!Number.isSafeInteger(value))
    return value > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
  return value
}

/** A repeated scalar, packed or not. */
export function repeated(
  reader: Reader,
  wireType: number,
  into: number[],
  one: (reader: Reader) => number,
): void {
  if (wireType !== wireLength) {
    into.push(one(reader))
    return
  }
  nested(reader, (inner, end) => {
    while (inner.pos < end) into.push(one(inner))
    // Elements have 1 to 10 bytes: the last may reach into what follows.
    if (inner.pos !== end) throw new Error('a list runs over its end')
  })
}
