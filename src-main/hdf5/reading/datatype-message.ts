import { LIMITS } from '../model.ts'
import type { Charset, CompoundMember, Datatype, EnumMember, StringPadding } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'
import { checkFloat, readBits } from './number-checks.ts'

const PADDINGS: readonly StringPadding[] = ['null-terminated', 'null-padded', 'space-padded']
const VARIABLE_BYTES = 16
const LARGEST_REFERENCE = 4

interface Head {
  readonly version: number
  readonly classBits: number
  readonly size: number
  readonly isOutermost: boolean
}

/**
 * Spec: "Datatype Message", versions 1 to 5. Ends behind the description.
 * @throws E_META where sizes, offsets and members do not fit each other.
 */
export function parseDatatype(cursor: ByteCursor, depth = 0): Datatype {
  if (depth > LIMITS.depth) {
    throw cursor.damage('datatypes are nested too deeply')
  }
  const classAndVersion = cursor.uint8()
  const version = classAndVersion >> 4
  const classNumber = classAndVersion & 0x0f
  const classBits = cursor.uint(3)
  const size = cursor.uint32()
  if (version < 1 || version > 5) {
    throw cursor.damage(`datatype version ${version} is not known (1 to 5 are)`, { back: 8 })
  }
  if (size === 0) {
    throw cursor.damage('a datatype of 0 bytes is impossible', { back: 4 })
  }
  return parseClass(cursor, classNumber, {
    head: { version, classBits, size, isOutermost: depth === 0 },
    depth,
  })
}

interface Nested {
  readonly head: Head
  readonly depth: number
}

function parseClass(cursor: ByteCursor, classNumber: number, nested: Nested): Datatype {
  const { classBits, size } = nested.head
  switch (classNumber) {
    case 0:
      return parseInteger(cursor, nested.head)
    case 1:
      return parseFloatType(cursor, nested.head)
    case 3:
      return {
        class: 'string',
        size,
        padding: readPadding(cursor, classBits & 0x0f),
        charset: readCharset(cursor, classBits >> 4),
      }
    case 4:
      return parseBitfield(cursor, nested.head)
    case 5:
      return { class: 'opaque', size, tag: readTag(cursor, classBits & 0xff) }
    case 6:
      return parseCompound(cursor, nested)
    case 7:
      return { class: 'reference', size, target: readTarget(cursor, classBits) }
    case 8:
      return parseEnum(cursor, nested)
    case 9:
      return parseVariable(cursor, nested)
    case 10:
      return parseArray(cursor, nested)
    default:
      return parseUnknown(cursor, classNumber, nested)
  }
}

function parseFloatType(cursor: ByteCursor, head: Head): Datatype {
  const properties = cursor.part(12)
  checkFloat(properties, head)
  return { class: 'float', size: head.size, classBits: head.classBits, properties: properties.bytes.slice() }
}

function parseBitfield(cursor: ByteCursor, head: Head): Datatype {
  const properties = cursor.part(4)
  readBits(properties, head)
  return {
    class: 'bitfield',
    size: head.size,
    classBits: head.classBits,
    properties: properties.bytes.slice(),
  }
}

function parseInteger(cursor: ByteCursor, head: Head): Datatype {
  return {
    class: 'integer',
    size: head.size,
    signed: (head.classBits & 0x08) !== 0,
    littleEndian: (head.classBits & 0x01) === 0,
    ...readBits(cursor, head),
  }
}

function readPadding(cursor: ByteCursor, code: number): StringPadding {
  const padding = PADDINGS[code]
  if (padding === undefined) {
    throw cursor.damage(`string padding ${code} is not known`)
  }
  return padding
}

function readCharset(cursor: ByteCursor, bits: number): Charset {
  const code = bits & 0x0f
  if (code > 1) {
    throw cursor.damage(`character set ${code} is not known`)
  }
  return code === 1 ? 'utf-8' : 'ascii'
}

/** Spec: NULs fill a tag to a multiple of 8; HDF5 refuses any other length. */
function readTag(cursor: ByteCursor, byteCount: number): string {
  if (byteCount % 8 !== 0) {
    throw cursor.damage(`an opaque type has a tag of ${byteCount} bytes, which is no multiple of 8`)
  }
  return decodeText(cursor.run(byteCount)).replace(/\0+$/, '')
}

/** Spec: kinds 2 to 4 came with HDF5 1.12; they alone have a version, which is 1. */
function readTarget(cursor: ByteCursor, classBits: number): 'object' | 'region' | 'other' {
  const code = classBits & 0x0f
  const version = (classBits >> 4) & 0x0f
  if (code > LARGEST_REFERENCE) {
    throw cursor.damage(`references of kind ${code} are not known`)
  }
  if (code > 1 && version !== 1) {
    throw cursor.damage(`references of kind ${code} and version ${version} are not known`)
  }
  if (code === 0) return 'object'
  return code === 1 ? 'region' : 'other'
}

/** A name up to its NUL; before version 3 padded with NULs to a multiple of 8. */
function readMemberName(cursor: ByteCursor, version: number): string {
  const start = cursor.position
  const name = cursor.textToNul()
  const used = cursor.position - start
  cursor.skip(version < 3 ? (8 - (used % 8)) % 8 : 0)
  return name
}

function parseCompound(cursor: ByteCursor, nested: Nested): Datatype {
  const { size } = nested.head
  const members: CompoundMember[] = []
  const count = nested.head.classBits & 0xffff
  for (let index = 0; index < count; index += 1) {
    const member = parseMember(cursor, nested)
    if (member.offset + member.type.size > size) {
      throw cursor.damage(`member ${member.name} lies outside of its compound of ${size} bytes`)
    }
    refuseConflict(cursor, member, members)
    members.push(member)
  }
  if (count === 0) {
    throw cursor.damage('a compound without members is impossible')
  }
  return { class: 'compound', size, members }
}

/** HDF5 takes members that share bytes for damage; of two with the same name no reader finds the second. */
function refuseConflict(cursor: ByteCursor, member: CompoundMember, others: readonly CompoundMember[]): void {
  const end = member.offset + member.type.size
  for (const other of others) {
    if (other.name === member.name) {
      throw cursor.damage(`two members of a compound are named ${member.name}`)
    }
    if (member.offset < other.offset + other.type.size && other.offset < end) {
      throw cursor.damage(`member ${member.name} overlaps member ${other.name}`)
    }
  }
}

function parseMember(cursor: ByteCursor, nested: Nested): CompoundMember {
  const { version, size } = nested.head
  const name = readMemberName(cursor, version)
  const offset = version < 3 ? cursor.uint32() : cursor.uint(countBytes(size))
  const dims = version === 1 ? readVersion1Dims(cursor) : []
  const type = parseDatatype(cursor, nested.depth + 1)
  return { name, offset, type: dims.length === 0 ? type : makeArray(cursor, type, dims) }
}

/** Spec: a member of version 1 may itself be an array of up to 4 dimensions. */
function readVersion1Dims(cursor: ByteCursor): number[] {
  const rank = cursor.uint8()
  cursor.skip(3 + 4 + 4)
  const dims = Array.from({ length: 4 }, () => cursor.uint32())
  if (rank > 4) {
    throw cursor.damage(`a member with ${rank} dimensions is impossible`)
  }
  return dims.slice(0, rank)
}

function makeArray(cursor: ByteCursor, base: Datatype, dims: readonly number[]): Datatype {
  const size = dims.reduce((product, length) => product * length, base.size)
  if (dims.includes(0) || size > 0xffffffff) {
    throw cursor.damage(`an array type of ${dims.join(' x ')} elements is impossible`)
  }
  return { class: 'array', size, dims, base }
}

/** Bytes that an offset below `size` takes in version 3. */
function countBytes(size: number): number {
  if (size < 0x100) return 1
  if (size < 0x10000) return 2
  return size < 0x1000000 ? 3 : 4
}

function parseEnum(cursor: ByteCursor, nested: Nested): Datatype {
  const { version, size } = nested.head
  const base = parseDatatype(cursor, nested.depth + 1)
  if (base.class !== 'integer' || base.size !== size) {
    throw cursor.damage('the base of an enumeration is not an integer of its size')
  }
  const count = nested.head.classBits & 0xffff
  const names = Array.from({ length: count }, () => readMemberName(cursor, version))
  if (names.includes('')) {
    throw cursor.damage('a member of an enumeration has no name')
  }
  const members = names.map((name): EnumMember => ({ name, value: cursor.copy(size) }))
  return { class: 'enum', size, base, members }
}

function parseVariable(cursor: ByteCursor, nested: Nested): Datatype {
  const { classBits, size } = nested.head
  if (size !== VARIABLE_BYTES) {
    throw cursor.damage(`a variable-length element has ${size} bytes instead of ${VARIABLE_BYTES}`)
  }
  const base = parseDatatype(cursor, nested.depth + 1)
  const kind = classBits & 0x0f
  if (kind > 1) {
    throw cursor.damage(`variable-length elements of kind ${kind} are not known`)
  }
  if (kind === 0) {
    return { class: 'variable-sequence', size, base }
  }
  const padding = readPadding(cursor, (classBits >> 4) & 0x0f)
  return { class: 'variable-string', size, padding, charset: readCharset(cursor, classBits >> 8), base }
}

function parseArray(cursor: ByteCursor, nested: Nested): Datatype {
  const { version, size } = nested.head
  const rank = cursor.uint8()
  if (rank === 0 || rank > LIMITS.rank) {
    throw cursor.damage(`an array type of ${rank} dimensions is impossible`, { back: 1 })
  }
  cursor.skip(version < 3 ? 3 : 0)
  const dims = Array.from({ length: rank }, () => cursor.uint32())
  cursor.skip(version < 3 ? 4 * rank : 0)
  const array = makeArray(cursor, parseDatatype(cursor, nested.depth + 1), dims)
  if (array.size !== size) {
    throw cursor.damage(`an array type says ${size} bytes, its elements have ${array.size}`)
  }
  return array
}

/** Time (2), complex (11) and whatever comes: stepped over where the length is known, so that compounds go on. */
function parseUnknown(cursor: ByteCursor, classNumber: number, nested: Nested): Datatype {
  if (classNumber === 2) {
    cursor.skip(2)
  } else if (classNumber === 11) {
    parseDatatype(cursor, nested.depth + 1)
  } else {
    throw cursor.damage(`datatype class ${classNumber} is not known`)
  }
  return { class: 'unknown', size: nested.head.size, classNumber }
}
