import { InvalidInput, Unsupported, type ErrorDetails } from '../../errors.ts'
import { elementCount, LIMITS, type Attribute } from '../model.ts'
import { ByteWriter } from './byte-writer.ts'
import { encodeDataspace } from './dataspace-encoding.ts'
import { encodeDatatype, encodeTextAs } from './datatypes.ts'
import type { GlobalHeap } from './global-heap.ts'
import { MAX_NAME_BYTES, MESSAGE, type HeaderMessage } from './object-header.ts'
import { storeSequences } from './store-sequences.ts'

const VERSION = 3
const CHARSET_CODE = { ascii: 0, 'utf-8': 1 } as const
/** Version, flags, three sizes and the charset of the name. */
const HEAD_BYTES = 9
const MAX_PART_BYTES = 65_535

/**
 * Throws Unsupported (E_ATTRIBUTE) for an attribute that HDF5 has no room for, or whose values are more than Weir itself would read again,
 * InvalidInput (E_LEN, E_NAME, E_TYPE) for data that do not fit type and shape, an empty name, or a type that cannot be written.
 */
export function checkAttribute(attribute: Attribute, place: ErrorDetails): void {
  checkNameAndData(attribute, place)
  const { name, datatype, data } = attribute
  // Spec: sizes of name and type are 16-bit numbers; the values may be larger where they lie in a heap.
  refuseLonger('name', encodeTextAs(name).bytes.byteLength + 1, { limit: MAX_PART_BYTES, name, place })
  refuseLonger('type', encodeDatatype(datatype).byteLength, { limit: MAX_PART_BYTES, name, place })
  refuseLonger('value', data.bytes.byteLength, { limit: LIMITS.attributeBytes, name, place })
}

interface PartOfAttribute {
  readonly limit: number
  readonly name: string
  readonly place: ErrorDetails
}

function refuseLonger(part: string, actual: number, { limit, name, place }: PartOfAttribute): void {
  if (actual <= limit) return
  const text = `attribute "${name.slice(0, 100)}" of ${place.object}: its ${part} takes ${actual} bytes, more than can be written (${limit}); store it as a dataset`
  throw new Unsupported('E_ATTRIBUTE', text, { ...place, expected: limit, actual })
}

/** Spec: Attribute message version 3. Variable-length parts go to the heap. It may be longer than a header message: see `storeDenseAttributes`. */
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

/** Callers without types may give anything. */
function isAttribute(given: Partial<Attribute> | undefined): boolean {
  return typeof given?.name === 'string' && Boolean(given.datatype && given.dataspace && given.data)
}

function checkNameAndData(attribute: Attribute, place: ErrorDetails): void {
  if (!isAttribute(attribute)) {
    const text = `${place.object}: an attribute has a name, a datatype, a dataspace and data, as makeTextAttribute makes it`
    throw new InvalidInput('E_USAGE', text, place)
  }
  const { name, datatype, dataspace, data } = attribute
  if (name === '' || name.includes('\0')) {
    const text = `${place.object}: "${name}" cannot be the name of an attribute`
    throw new InvalidInput('E_NAME', text, { ...place, actual: name })
  }
  const nameBytes = Buffer.byteLength(name)
  if (nameBytes > MAX_NAME_BYTES) {
    const text = `${place.object}: the name of an attribute takes at most ${MAX_NAME_BYTES} bytes, this one has ${nameBytes} ("${name.slice(0, 40)}...")`
    throw new InvalidInput('E_NAME', text, { ...place, expected: MAX_NAME_BYTES, actual: nameBytes })
  }
  const expected = elementCount(dataspace) * datatype.size
  if (data.bytes.byteLength === expected) return
  const actual = data.bytes.byteLength
  const text = `attribute "${name}" of ${place.object} has ${actual} bytes, its type and shape ask for ${expected}`
  throw new InvalidInput('E_LEN', text, { ...place, expected, actual })
}
