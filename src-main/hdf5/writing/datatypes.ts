import type { Charset, Datatype, StringPadding } from '../model.ts'
import { encodeText } from './byte-writer.ts'

export { encodeDatatype } from './datatype-encoding.ts'

/** An integer of 1, 2, 4 or 8 bytes that uses all of its bits. */
export function integerType(size: 1 | 2 | 4 | 8, signed: boolean, littleEndian = true): Datatype {
  return { class: 'integer', size, signed, littleEndian, bitOffset: 0, precision: size * 8 }
}

/** Spec: bit 0 of the class bits is the byte order, 0x20 an implied leading mantissa bit, the second byte the sign's place. */
const FLOAT_LAYOUT = {
  4: { classBits: 0x1f20, properties: [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0] },
  8: { classBits: 0x3f20, properties: [0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0] },
} as const

/** IEEE 754, 8 bytes. */
export function float64Type(littleEndian = true): Datatype {
  return floatType(8, littleEndian)
}

/** IEEE 754, 4 bytes. */
export function float32Type(littleEndian = true): Datatype {
  return floatType(4, littleEndian)
}

function floatType(size: 4 | 8, littleEndian: boolean): Datatype {
  const { classBits, properties } = FLOAT_LAYOUT[size]
  return {
    class: 'float',
    size,
    classBits: littleEndian ? classBits : classBits | 1,
    properties: Uint8Array.from(properties),
  }
}

/** Text in `size` bytes; numpy and h5py pad with NULs. */
export function fixedStringType(
  size: number,
  charset: Charset,
  padding: StringPadding = 'null-padded',
): Datatype {
  return { class: 'string', size, padding, charset }
}

/** Text of any length in a heap, as h5py stores a Python `str`. */
export function variableStringType(charset: Charset = 'utf-8'): Datatype {
  return {
    class: 'variable-string',
    size: 16,
    padding: 'null-terminated',
    charset,
    base: integerType(1, false),
  }
}

/** What h5py makes of a numpy bool: an enumeration of FALSE and TRUE in a signed byte. */
export function booleanType(): Datatype {
  const members = ['FALSE', 'TRUE'].map((name, value) => ({ name, value: Uint8Array.of(value) }))
  return { class: 'enum', size: 1, base: integerType(1, true), members }
}

/** UTF-8 bytes of a text and whether they are ASCII. */
export function encodeTextAs(text: string): { readonly bytes: Uint8Array; readonly charset: Charset } {
  const bytes = encodeText(text)
  return { bytes, charset: bytes.every((byte) => byte < 0x80) ? 'ascii' : 'utf-8' }
}
