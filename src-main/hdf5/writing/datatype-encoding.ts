import { assertNever, Internal, InvalidInput, Unsupported } from '../../errors.ts'
import type { Charset, Datatype, StringPadding } from '../model.ts'
import { ByteWriter, encodeText } from './byte-writer.ts'

/** Spec: class numbers of the Datatype message. */
const CLASS = {
  integer: 0,
  float: 1,
  string: 3,
  bitfield: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enum: 8,
  'variable-string': 9,
  'variable-sequence': 9,
  array: 10,
} as const

const PADDING_CODE: Readonly<Record<StringPadding, number>> = {
  'null-terminated': 0,
  'null-padded': 1,
  'space-padded': 2,
}
const CHARSET_CODE: Readonly<Record<Charset, number>> = { ascii: 0, 'utf-8': 1 }
const REFERENCE_CODE = { object: 0, region: 1 } as const
const VARIABLE_STRING = 1
/** Spec: the length of a tag is one byte and a multiple of 8. */
const MAX_TAG_BYTES = 248
const MAX_MEMBERS = 65_535

/** 1 as all libraries write it; 3 where names and arrays would be padded (known to every library since 1.8). */
type Version = 1 | 3

/**
 * The body of a Datatype message.
 *
 * Parts of a type have the version of the whole, as the library does it. Throws Unsupported (E_TYPE) for a class
 * that cannot be carried, InvalidInput (E_TYPE) for more members, names or tags than the format can hold.
 */
export function encodeDatatype(type: Datatype): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(64)
  writeDatatype(writer, type, needsVersion3(type) ? 3 : 1)
  return writer.toBytes()
}

function needsVersion3(type: Datatype): boolean {
  switch (type.class) {
    case 'compound':
    case 'array':
    case 'enum':
      return true
    case 'variable-sequence':
    case 'variable-string':
      return needsVersion3(type.base)
    default:
      return false
  }
}

function writeDatatype(writer: ByteWriter, type: Datatype, version: Version): void {
  if (type.class === 'unknown' || (type.class === 'reference' && type.target === 'other')) {
    const name = type.class === 'unknown' ? `class ${type.classNumber}` : 'references of a new kind'
    throw new Unsupported('E_TYPE', `values of datatype ${name} cannot be written`)
  }
  writer.uint8((version << 4) | CLASS[type.class])
  writer.uint(classBitsOf(type), 3).uint32(type.size)
  writeProperties(writer, type, version)
}

function classBitsOf(type: Datatype): number {
  switch (type.class) {
    case 'integer':
      return (type.littleEndian ? 0 : 1) | (type.signed ? 8 : 0)
    case 'float':
    case 'bitfield':
      return type.classBits
    case 'string':
      return PADDING_CODE[type.padding] | (CHARSET_CODE[type.charset] << 4)
    case 'variable-string':
      return VARIABLE_STRING | (PADDING_CODE[type.padding] << 4) | (CHARSET_CODE[type.charset] << 8)
    case 'opaque':
      return paddedTag(type.tag).byteLength
    case 'compound':
    case 'enum':
      return checkMemberCount(type.members.length)
    case 'reference':
      return type.target === 'other' ? 0 : REFERENCE_CODE[type.target]
    case 'array':
    case 'variable-sequence':
    case 'unknown':
      return 0
    default:
      return assertNever(type)
  }
}

function writeProperties(writer: ByteWriter, type: Datatype, version: Version): void {
  switch (type.class) {
    case 'integer':
      writer.uint16(type.bitOffset).uint16(type.precision)
      return
    case 'float':
      writer.bytes(checkLength(type.properties, 12))
      return
    case 'bitfield':
      writer.bytes(checkLength(type.properties, 4))
      return
    case 'opaque':
      writer.bytes(paddedTag(type.tag))
      return
    case 'compound':
      writeMembers(writer, type)
      return
    case 'enum':
      writeDatatype(writer, type.base, version)
      for (const member of type.members) writeName(writer, member.name)
      for (const member of type.members) writer.bytes(checkLength(member.value, type.base.size))
      return
    case 'array':
      writer.uint8(type.dims.length)
      for (const length of type.dims) writer.uint32(length)
      writeDatatype(writer, type.base, version)
      return
    case 'variable-string':
    case 'variable-sequence':
      writeDatatype(writer, type.base, version)
      return
    case 'string':
    case 'reference':
    case 'unknown':
      return
    default:
      assertNever(type)
  }
}

function writeMembers(writer: ByteWriter, type: Extract<Datatype, { class: 'compound' }>): void {
  const offsetBytes = countOffsetBytes(type.size)
  for (const member of type.members) {
    writeName(writer, member.name)
    writer.uint(member.offset, offsetBytes)
    writeDatatype(writer, member.type, 3)
  }
}

/** Spec: version 3 stores a member's offset in as few bytes as hold the size of the compound. */
function countOffsetBytes(size: number): number {
  if (size < 2 ** 8) return 1
  if (size < 2 ** 16) return 2
  return size < 2 ** 24 ? 3 : 4
}

function writeName(writer: ByteWriter, name: string): void {
  if (name.includes('\0')) throw new InvalidInput('E_TYPE', 'a member name must not contain NUL')
  writer.bytes(encodeText(name)).uint8(0)
}

function paddedTag(tag: string): Uint8Array {
  const text = encodeText(tag)
  const padded = new Uint8Array(Math.ceil(text.byteLength / 8) * 8)
  if (padded.byteLength > MAX_TAG_BYTES) {
    throw new InvalidInput('E_TYPE', `the tag of an opaque type has more than ${MAX_TAG_BYTES} bytes`)
  }
  padded.set(text)
  return padded
}

function checkMemberCount(count: number): number {
  if (count === 0 || count > MAX_MEMBERS) {
    throw new InvalidInput('E_TYPE', `a type with ${count} members cannot be stored`, { actual: count })
  }
  return count
}

function checkLength(bytes: Uint8Array, expected: number): Uint8Array {
  if (bytes.byteLength !== expected) {
    const text = `a part of a datatype has ${bytes.byteLength} bytes instead of ${expected}`
    throw new Internal(text, { expected, actual: bytes.byteLength })
  }
  return bytes
}
