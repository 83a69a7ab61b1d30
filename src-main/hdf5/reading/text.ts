import { Unsupported } from '../../errors.ts'
import { nameDtype } from '../dtype-name.ts'
import { NO_SEQUENCE } from '../model.ts'
import type { Datatype, RawData, StringPadding } from '../model.ts'
import { decodeText } from './byte-cursor.ts'

/**
 * The texts of fixed-length or variable-length string elements, without padding; what is not UTF-8 becomes U+FFFD.
 * @throws Unsupported E_TYPE for any other datatype.
 */
export function readStrings(datatype: Datatype, data: RawData): string[] {
  if (datatype.class !== 'string' && datatype.class !== 'variable-string') {
    throw new Unsupported('E_TYPE', `values of type ${nameDtype(datatype)} are not text`, {
      expected: 'text',
      actual: nameDtype(datatype),
    })
  }
  const count = Math.floor(data.bytes.length / datatype.size)
  return Array.from({ length: count }, (_, index) => {
    return readString(
      datatype,
      data.bytes.subarray(index * datatype.size, (index + 1) * datatype.size),
      data.sequences,
    )
  })
}

/** Are all elements of fixed-length text UTF-8? */
export function isUtf8(datatype: Extract<Datatype, { readonly class: 'string' }>, data: RawData): boolean {
  const strict = new TextDecoder('utf-8', { fatal: true })
  for (let start = 0; start < data.bytes.length; start += datatype.size) {
    try {
      strict.decode(trimPadding(data.bytes.subarray(start, start + datatype.size), datatype.padding))
    } catch {
      // It says so by throwing, and nothing else.
      return false
    }
  }
  return true
}

/** The text of one element. */
export function readString(
  datatype: Extract<Datatype, { readonly class: 'string' | 'variable-string' }>,
  element: Uint8Array,
  sequences: RawData['sequences'],
): string {
  if (datatype.class === 'string') {
    return decodeText(trimPadding(element, datatype.padding))
  }
  // Spec: in memory a variable-length string ends at its NUL; the length may count it.
  return decodeText(trimPadding(findSequence(element, sequences), 'null-terminated'))
}

/** The sequence that a slot names; empty for none. */
export function findSequence(slot: Uint8Array, sequences: RawData['sequences']): Uint8Array {
  const index = new DataView(slot.buffer, slot.byteOffset, slot.length).getUint32(4, true)
  return index === NO_SEQUENCE ? new Uint8Array() : (sequences[index] ?? new Uint8Array())
}

function trimPadding(bytes: Uint8Array, padding: StringPadding): Uint8Array {
  if (padding === 'null-terminated') {
    const end = bytes.indexOf(0)
    return end < 0 ? bytes : bytes.subarray(0, end)
  }
  const filler = padding === 'null-padded' ? 0 : 0x20
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === filler) {
    end -= 1
  }
  return bytes.subarray(0, end)
}
