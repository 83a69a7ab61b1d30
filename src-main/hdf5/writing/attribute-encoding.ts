import { assertNever, InvalidInput, Unsupported, type ErrorDetails } from '../../errors.ts'
import { elementCount, type Attribute, type Datatype, type StringPadding } from '../model.ts'
import { slotOf } from './attributes.ts'
import { ByteWriter } from './byte-writer.ts'
import { encodeDataspace } from './dataspace-encoding.ts'
import { encodeDatatype, encodeTextAs, variableStringType } from './datatypes.ts'
import type { GlobalHeap } from './global-heap.ts'
import { MAX_MESSAGE_BYTES, MESSAGE, type HeaderMessage } from './object-header.ts'
import { storeSequences } from './store-sequences.ts'

const VERSION = 3
const CHARSET_CODE = { ascii: 0, 'utf-8': 1 } as const
/** Version, flags, three sizes and the charset of the name. */
const HEAD_BYTES = 9

type FixedString = Extract<Datatype, { class: 'string' }>

/**
 * The attribute in a form that a header can hold: itself, or, for fixed-length text that is longer than a header
 * message can be, the same text with variable length, so that it goes to the global heap.
 *
 * Throws Unsupported (E_ATTRIBUTE) for anything else that is too long, InvalidInput (E_LEN, E_NAME, E_TYPE) for data that
 * do not fit type and shape, an empty name, or a type that cannot be written.
 */
export function fitAttribute(attribute: Attribute, place: ErrorDetails): Attribute {
  checkAttribute(attribute, place)
  if (countMessageBytes(attribute) <= MAX_MESSAGE_BYTES) return attribute
  const shorter =
    attribute.datatype.class === 'string' ? toVariableText(attribute, attribute.datatype) : attribute
  const bytes = countMessageBytes(shorter)
  if (bytes <= MAX_MESSAGE_BYTES) return shorter
  const text = `attribute "${attribute.name}" of ${place.object} takes ${bytes} bytes, more than HDF5 can keep in a header (${MAX_MESSAGE_BYTES}); store it as a dataset`
  throw new Unsupported('E_ATTRIBUTE', text, { ...place, expected: MAX_MESSAGE_BYTES, actual: bytes })
}

/** Spec: Attribute message version 3. Variable-length parts go to the heap. */
export function attributeMessage(attribute: Attribute, heap: GlobalHeap): HeaderMessage {
  const { bytes: name, charset } = encodeTextAs(attribute.name)
  const datatype = encodeDatatype(attribute.datatype)
  const dataspace = encodeDataspace(attribute.dataspace)
  const data = storeSequences(attribute.datatype, attribute.data, heap)
  const writer = new ByteWriter(HEAD_BYTES + name.byteLength + 1 + datatype.byteLength + data.byteLength + 32)
  writer
    .uint8(VERSION)
    .uint8(0)
    .uint16(name.byteLength + 1)
  writer.uint16(datatype.byteLength).uint16(dataspace.byteLength).uint8(CHARSET_CODE[charset])
  writer.bytes(name).uint8(0).bytes(datatype).bytes(dataspace).bytes(data)
  return { type: MESSAGE.attribute, body: writer.toBytes() }
}

function countMessageBytes({ name, datatype, dataspace, data }: Attribute): number {
  const types = encodeDatatype(datatype).byteLength + encodeDataspace(dataspace).byteLength
  return HEAD_BYTES + encodeTextAs(name).bytes.byteLength + 1 + types + data.bytes.byteLength
}

function checkAttribute({ name, datatype, dataspace, data }: Attribute, place: ErrorDetails): void {
  if (name === '' || name.includes('\0')) {
    const text = `${place.object}: "${name}" cannot be the name of an attribute`
    throw new InvalidInput('E_NAME', text, { ...place, actual: name })
  }
  const expected = elementCount(dataspace) * datatype.size
  if (data.bytes.byteLength === expected) return
  const actual = data.bytes.byteLength
  const text = `attribute "${name}" of ${place.object} has ${actual} bytes, its type and shape ask for ${expected}`
  throw new InvalidInput('E_LEN', text, { ...place, expected, actual })
}

function toVariableText(attribute: Attribute, type: FixedString): Attribute {
  const { bytes } = attribute.data
  const sequences: Uint8Array[] = []
  const slots = new ByteWriter((bytes.byteLength / type.size) * 16)
  for (let at = 0; at < bytes.byteLength; at += type.size) {
    const text = trimText(bytes.subarray(at, at + type.size), type.padding)
    slots.bytes(slotOf(text.byteLength, text.byteLength === 0 ? -1 : sequences.length))
    if (text.byteLength > 0) sequences.push(text)
  }
  return {
    ...attribute,
    datatype: variableStringType(type.charset),
    data: { bytes: slots.toBytes(), sequences },
  }
}

/** The text without what fills it up. */
function trimText(element: Uint8Array, padding: StringPadding): Uint8Array {
  switch (padding) {
    case 'null-terminated': {
      const end = element.indexOf(0)
      return end < 0 ? element : element.subarray(0, end)
    }
    case 'null-padded':
      return trimEnd(element, 0)
    case 'space-padded':
      return trimEnd(element, 0x20)
    default:
      return assertNever(padding)
  }
}

function trimEnd(element: Uint8Array, filler: number): Uint8Array {
  const last = element.findLastIndex((byte) => byte !== filler)
  return element.subarray(0, last + 1)
}
