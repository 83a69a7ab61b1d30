import type { ByteCursor } from './byte-cursor.ts'

const FLAG_UNDEFINED = 0x10
const FLAG_HAS_VALUE = 0x20
const KNOWN_FLAGS = 0x3f

const SIZE_UNDEFINED = 0xffffffff
/** When the value is to be written: at allocation, never, or if one was set. */
const TIME_NEVER = 1

export interface FillValue {
  /** One element; undefined: the default of zeros. */
  readonly value: Uint8Array | undefined
  /** HDF5 shows the value where nothing was written; false: it is called undefined, or never to be written. */
  readonly isShown: boolean
}

/** Spec: "Fill Value Message" (old): size and value. */
export function parseOldFillValue(cursor: ByteCursor): FillValue {
  return { value: readValue(cursor).value, isShown: true }
}

/** Spec: "Fill Value Message", versions 1 to 3. */
export function parseFillValue(cursor: ByteCursor): FillValue {
  const version = cursor.expectVersion([1, 2, 3], 'the fill value')
  if (version === 3) {
    const flags = cursor.uint8()
    if ((flags & ~KNOWN_FLAGS) !== 0 || (flags & FLAG_UNDEFINED && flags & FLAG_HAS_VALUE)) {
      throw cursor.damage(`the fill value has impossible flags (${flags})`, { back: 1 })
    }
    const isShown = (flags & FLAG_UNDEFINED) === 0 && ((flags >> 2) & 3) !== TIME_NEVER
    return { value: flags & FLAG_HAS_VALUE ? readValue(cursor).value : undefined, isShown }
  }
  // When space is allocated.
  cursor.skip(1)
  const isEver = cursor.uint8() !== TIME_NEVER
  const isDefined = cursor.uint8() !== 0
  if (version === 2 && !isDefined) return { value: undefined, isShown: false }
  const { value, isUndefined } = readValue(cursor)
  return { value, isShown: isEver && !isUndefined }
}

function readValue(cursor: ByteCursor): Pick<FillValue, 'value'> & { readonly isUndefined: boolean } {
  const byteCount = cursor.uint32()
  // -1 says "undefined" in version 1.
  const isUndefined = byteCount === SIZE_UNDEFINED
  return { value: byteCount === 0 || isUndefined ? undefined : cursor.copy(byteCount), isUndefined }
}
