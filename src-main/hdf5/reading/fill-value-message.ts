import type { ByteCursor } from './byte-cursor.ts'

const FLAG_UNDEFINED = 0x10
const FLAG_HAS_VALUE = 0x20
const KNOWN_FLAGS = 0x3f

/** Spec: "Fill Value Message" (old): size and value. Undefined where there is none. */
export function parseOldFillValue(cursor: ByteCursor): Uint8Array | undefined {
  return readValue(cursor)
}

/** Spec: "Fill Value Message", versions 1 to 3: one element, or undefined for the default of zeros. */
export function parseFillValue(cursor: ByteCursor): Uint8Array | undefined {
  const version = cursor.expectVersion([1, 2, 3], 'the fill value')
  if (version === 3) {
    const flags = cursor.uint8()
    if ((flags & ~KNOWN_FLAGS) !== 0 || (flags & FLAG_UNDEFINED && flags & FLAG_HAS_VALUE)) {
      throw cursor.damage(`the fill value has impossible flags (${flags})`, { back: 1 })
    }
    return flags & FLAG_HAS_VALUE ? readValue(cursor) : undefined
  }
  // When space is allocated, when it is filled.
  cursor.skip(2)
  const isDefined = cursor.uint8() !== 0
  return version === 1 || isDefined ? readValue(cursor) : undefined
}

function readValue(cursor: ByteCursor): Uint8Array | undefined {
  const byteCount = cursor.uint32()
  // -1 says "undefined" in version 1.
  return byteCount === 0 || byteCount === 0xffffffff ? undefined : cursor.copy(byteCount)
}
